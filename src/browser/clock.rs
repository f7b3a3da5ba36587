//! Time, chance, and one timer.
use std::cell::{Cell, OnceCell, RefCell};
use std::rc::{Rc, Weak};

use wasm_bindgen::prelude::*;
use web_sys::{Blob, MessageChannel, Url, Worker};

use super::driver::Driver;
use super::lifecycle::is_visible;
use crate::node::Input;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &js_sys::Function, delay_ms: f64) -> JsValue;

    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(handle: &JsValue);

    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn steady_ms() -> f64;

    #[wasm_bindgen(catch, js_namespace = crypto, js_name = getRandomValues)]
    fn get_random_values(bytes: &mut [u8]) -> Result<JsValue, JsValue>;
}

/// Browser: a delay past 2^31 ms fires at once.
const DELAY_MS_MAX: u64 = 1 << 30;

/// A clock that is set back by less stands still for as long.
const STILL_MS_MAX: u64 = 1000;

/// The page's clock, made to go forward only: who waits for a time must not wait for it twice.
struct Forward {
    /// Milliseconds of the Unix epoch when the page's steady clock showed that.
    began: (u64, f64),
    /// By how much the page's clock was set back since.
    behind_ms: Cell<u64>,
    last_ms: Cell<u64>,
}

thread_local! {
    static CLOCK: Forward = Forward {
        began: (js_sys::Date::now() as u64, steady_ms()),
        behind_ms: Cell::new(0),
        last_ms: Cell::new(0),
    };
}

impl Forward {
    fn read(&self, page_ms: u64) -> u64 {
        let last_ms = self.last_ms.get();
        let mut now_ms = page_ms + self.behind_ms.get();
        if now_ms + STILL_MS_MAX < last_ms {
            let (began_ms, began_steady_ms) = self.began;
            let passed_ms = steady_ms() - began_steady_ms;
            now_ms = (began_ms + passed_ms as u64).max(last_ms);
            self.behind_ms.set(now_ms.saturating_sub(page_ms));
        }
        let now_ms = now_ms.max(last_ms);
        self.last_ms.set(now_ms);

        now_ms
    }
}

/// Milliseconds of the Unix epoch, by the page's clock; never less than before. A clock that is set back by more
/// than a second is taken to be right again when the page is loaded anew.
pub fn now_ms() -> u64 {
    CLOCK.with(|clock| clock.read(js_sys::Date::now() as u64))
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

/// The timer that the node has set. In a hidden page a worker's timer runs beside the page's.
pub struct Timer {
    callback: Closure<dyn FnMut()>,
    handle: RefCell<JsValue>,
    at_ms: Rc<Cell<u64>>,
    worker: OnceCell<Option<Worker>>,
    /// Brings what is due at once.
    messages: OnceCell<Option<MessageChannel>>,
}

impl Timer {
    pub fn new(driver: Weak<Driver>) -> Timer {
        let at_ms = Rc::new(Cell::new(u64::MAX));
        let set = at_ms.clone();
        let itself: Rc<OnceCell<js_sys::Function>> = Rc::default();
        let again = itself.clone();
        let callback: Closure<dyn FnMut()> = Closure::new(move || {
            let left_ms = set.get().saturating_sub(now_ms());
            if left_ms > 0 {
                // The page's timer and the worker's may both come, and either a millisecond before its time.
                if let Some(itself) = again.get().filter(|_| set.get() != u64::MAX) {
                    set_timeout(itself, left_ms.min(DELAY_MS_MAX) as f64);
                }
                return;
            }
            set.set(u64::MAX);
            if let Some(driver) = driver.upgrade() {
                driver.input(Input::Timer);
            }
        });
        let _ = itself.set(
            callback
                .as_ref()
                .unchecked_ref::<js_sys::Function>()
                .clone(),
        );

        Timer {
            callback,
            handle: RefCell::default(),
            at_ms,
            worker: OnceCell::new(),
            messages: OnceCell::new(),
        }
    }

    /// Replaces the time set before.
    pub fn set(&self, at_ms: u64) {
        if self.at_ms.get() == at_ms {
            return;
        }
        self.clear();
        self.at_ms.set(at_ms);
        let delay_ms = at_ms.saturating_sub(now_ms()).min(DELAY_MS_MAX) as f64;
        if delay_ms == 0.0 && self.send_at_once() {
            return;
        }
        let handle = set_timeout(self.callback.as_ref().unchecked_ref(), delay_ms);
        *self.handle.borrow_mut() = handle;
        if !is_visible() {
            self.set_in_worker();
        }
    }

    /// Browser: a hidden page's timers come once a second, after five minutes once a minute; a worker's are
    /// prompt.
    pub fn set_in_worker(&self) {
        let at_ms = self.at_ms.get();
        if at_ms == u64::MAX {
            return;
        }
        let worker = self.worker.get_or_init(|| self.start_worker());
        if let Some(worker) = worker {
            let delay_ms = at_ms.saturating_sub(now_ms()).min(DELAY_MS_MAX) as f64;
            // Where it cannot be told, the page's own timer is left.
            let _ = worker.post_message(&delay_ms.into());
        }
    }

    /// Browser: timers that set one another come four milliseconds apart, and a hidden page's far more rarely; messages
    /// come in the next task.
    fn send_at_once(&self) -> bool {
        let messages = self.messages.get_or_init(|| {
            let messages = MessageChannel::new().ok()?;
            let callback = self.callback.as_ref().unchecked_ref();
            messages.port1().set_onmessage(Some(callback));

            Some(messages)
        });
        let send = |messages: &MessageChannel| messages.port2().post_message(&JsValue::NULL);

        messages.as_ref().map(send).is_some_and(|sent| sent.is_ok())
    }

    /// None where there are no workers here, or a page's policy forbids this one.
    fn start_worker(&self) -> Option<Worker> {
        let source = "let t;onmessage=e=>{clearTimeout(t);t=setTimeout(()=>postMessage(0),e.data)}";
        let blob = Blob::new_with_str_sequence(&js_sys::Array::of1(&source.into())).ok()?;
        let url = Url::create_object_url_with_blob(&blob).ok()?;
        let worker = Worker::new(&url).ok()?;
        worker.set_onmessage(Some(self.callback.as_ref().unchecked_ref()));

        Some(worker)
    }

    pub fn clear(&self) {
        self.at_ms.set(u64::MAX);
        let handle = self.handle.replace(JsValue::UNDEFINED);
        if !handle.is_undefined() {
            clear_timeout(&handle);
        }
    }

    /// Nothing comes any more.
    pub fn end(&self) {
        self.clear();
        if let Some(Some(worker)) = self.worker.get() {
            worker.terminate();
        }
        if let Some(Some(messages)) = self.messages.get() {
            messages.port1().close();
        }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        self.end();
    }
}
