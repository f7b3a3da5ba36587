//! Time, chance, and one timer.
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use wasm_bindgen::prelude::*;

use super::driver::Driver;
use crate::node::Input;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &js_sys::Function, delay_ms: f64) -> JsValue;

    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(handle: &JsValue);

    #[wasm_bindgen(catch, js_namespace = crypto, js_name = getRandomValues)]
    fn get_random_values(bytes: &mut [u8]) -> Result<JsValue, JsValue>;
}

/// Browser: a delay past 2^31 ms fires at once.
const DELAY_MS_MAX: u64 = 1 << 30;

/// Milliseconds of the Unix epoch.
pub fn now_ms() -> u64 {
    js_sys::Date::now() as u64
}

/// Bytes that nobody can guess; by the clock where there is no `crypto`.
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    if get_random_values(&mut bytes).is_err() {
        let mut rng = crate::base::rng::Rng::new(now_ms());
        for byte in &mut bytes {
            *byte = rng.next_u64() as u8;
        }
    }

    bytes
}

/// The timer that the node has set.
pub struct Timer {
    callback: Closure<dyn FnMut()>,
    handle: RefCell<JsValue>,
    at_ms: Rc<Cell<u64>>,
}

impl Timer {
    pub fn new(driver: Weak<Driver>) -> Timer {
        let at_ms = Rc::new(Cell::new(u64::MAX));
        let set = at_ms.clone();
        let callback = Closure::new(move || {
            set.set(u64::MAX);
            if let Some(driver) = driver.upgrade() {
                driver.input(Input::Timer);
            }
        });

        Timer {
            callback,
            handle: RefCell::default(),
            at_ms,
        }
    }

    /// Replaces the time set before.
    pub fn set(&self, at_ms: u64) {
        if self.at_ms.replace(at_ms) == at_ms {
            return;
        }
        self.clear();
        self.at_ms.set(at_ms);
        let delay_ms = at_ms.saturating_sub(now_ms()).min(DELAY_MS_MAX);
        let handle = set_timeout(self.callback.as_ref().unchecked_ref(), delay_ms as f64);
        *self.handle.borrow_mut() = handle;
    }

    pub fn clear(&self) {
        self.at_ms.set(u64::MAX);
        let handle = self.handle.replace(JsValue::UNDEFINED);
        if !handle.is_undefined() {
            clear_timeout(&handle);
        }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        self.clear();
    }
}
