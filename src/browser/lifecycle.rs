//! The life of the page: shown, hidden, frozen, left, back again. A worker and Node.js have none.
use std::cell::Cell;
use std::rc::{Rc, Weak};

use js_sys::Reflect;
use wasm_bindgen::prelude::*;
use web_sys::EventTarget;

use super::driver::Driver;
use crate::node::Input;

type Listener = Closure<dyn FnMut()>;

/// Listens as long as it lives.
#[derive(Default)]
pub struct Lifecycle {
    listeners: Vec<(EventTarget, &'static str, Listener)>,
}

impl Lifecycle {
    pub fn watch(driver: &Weak<Driver>) -> Lifecycle {
        let mut lifecycle = Lifecycle::default();
        let global: JsValue = js_sys::global().into();
        let document = Reflect::get(&global, &"document".into()).ok();
        let Some(document) = document.and_then(|it| it.dyn_into::<EventTarget>().ok()) else {
            return lifecycle;
        };
        let left = Rc::new(Cell::new(false));
        let leave = |left: &Rc<Cell<bool>>| {
            let left = left.clone();
            move || (!left.replace(true)).then_some(Input::Leave)
        };
        let come_back = |left: &Rc<Cell<bool>>| {
            let left = left.clone();
            move || left.replace(false).then_some(Input::Return)
        };
        let page = global.unchecked_into::<EventTarget>();
        lifecycle.listen(driver, &page, "pagehide", leave(&left));
        lifecycle.listen(driver, &page, "pageshow", come_back(&left));
        lifecycle.listen(driver, &document, "freeze", leave(&left));
        lifecycle.listen(driver, &document, "resume", come_back(&left));
        lifecycle.listen(driver, &document, "visibilitychange", || {
            Some(Input::Visible(is_visible()))
        });

        lifecycle
    }

    fn listen(
        &mut self,
        driver: &Weak<Driver>,
        target: &EventTarget,
        name: &'static str,
        input: impl Fn() -> Option<Input> + 'static,
    ) {
        let driver = driver.clone();
        let listener: Listener = Closure::new(move || {
            if let (Some(driver), Some(input)) = (driver.upgrade(), input()) {
                driver.input(input);
            }
        });
        let function = listener.as_ref().unchecked_ref();
        if target
            .add_event_listener_with_callback(name, function)
            .is_ok()
        {
            self.listeners.push((target.clone(), name, listener));
        }
    }
}

/// Whether somebody may be looking; a worker counts as seen.
/// Browser: a service worker does not. It is ended whenever nothing is asked of it, so any page
/// shall lead in its place.
pub fn is_visible() -> bool {
    if Reflect::has(&js_sys::global(), &"ServiceWorkerGlobalScope".into()) == Ok(true) {
        return false;
    }
    let document = Reflect::get(&js_sys::global(), &"document".into()).unwrap_or_default();
    let state = Reflect::get(&document, &"visibilityState".into()).unwrap_or_default();

    state.as_string().is_none_or(|state| state != "hidden")
}

impl Drop for Lifecycle {
    fn drop(&mut self) {
        for (target, name, listener) in &self.listeners {
            let function = listener.as_ref().unchecked_ref();
            // A target that is gone has no listeners.
            let _ = target.remove_event_listener_with_callback(name, function);
        }
    }
}
