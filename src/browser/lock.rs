//! The Web Lock that says who should try to lead. Where there are no Web Locks it is granted at once: storage
//! alone decides then.
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::AbortController;

use super::driver::Driver;
use crate::node::Input;

#[wasm_bindgen]
extern "C" {
    type LockManager;

    #[wasm_bindgen(method, catch)]
    fn request(
        this: &LockManager,
        name: &str,
        options: &JsValue,
        granted: &Function,
    ) -> Result<Promise, JsValue>;
}

/// How the lock is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// Wait until it is free, for ever.
    Wait,
    /// Take it from whoever holds it.
    Steal,
}

pub struct Lock {
    name: String,
    driver: Weak<Driver>,
    manager: Option<LockManager>,
    /// Counts the claims: what an older one hears of is nothing to us.
    claim: Rc<Cell<u32>>,
    waiting: RefCell<Option<AbortController>>,
    held: Rc<RefCell<Option<Function>>>,
}

impl Lock {
    pub fn new(name: &str, driver: Weak<Driver>, is_shared: bool) -> Rc<Lock> {
        let get = |object: &JsValue, key: &str| {
            Reflect::get(object, &key.into())
                .ok()
                .filter(JsValue::is_object)
        };
        let navigator = get(&js_sys::global(), "navigator").filter(|_| is_shared);
        let manager = navigator.and_then(|navigator| get(&navigator, "locks"));

        Rc::new(Lock {
            name: format!("kilat:{name}"),
            driver,
            manager: manager.map(JsCast::unchecked_into),
            claim: Rc::default(),
            waiting: RefCell::default(),
            held: Rc::default(),
        })
    }

    pub fn is_available(&self) -> bool {
        self.manager.is_some()
    }

    pub fn claim(self: &Rc<Self>, how: Claim) {
        self.abandon();
        let number = self.claim.get() + 1;
        self.claim.set(number);
        let lock = self.clone();
        spawn_local(async move {
            let lost = match lock.wait(how, number) {
                Some(promise) => JsFuture::from(promise).await.is_err(),
                None => false,
            };
            if lost && lock.claim.get() == number {
                lock.held.take();
                lock.tell(Input::LockLost);
            }
        });
    }

    /// Asks, and answers the promise that ends when the lock is let go, or rejects when it is taken away.
    fn wait(self: &Rc<Self>, how: Claim, number: u32) -> Option<Promise> {
        let Some(manager) = &self.manager else {
            if self.claim.get() == number {
                self.tell(Input::LockGranted);
            }
            return None;
        };
        let options = js_sys::Object::new();
        let set = |key: &str, value: &JsValue| {
            // Setting a property of a fresh object cannot fail.
            let _ = Reflect::set(&options, &key.into(), value);
        };
        if how == Claim::Steal {
            set("steal", &true.into());
        } else if let Ok(controller) = AbortController::new() {
            set("signal", &controller.signal());
            *self.waiting.borrow_mut() = Some(controller);
        }
        let lock = self.clone();
        let granted = Closure::once_into_js(move |_: JsValue| -> JsValue { lock.granted(number) });

        match manager.request(&self.name, &options, granted.unchecked_ref()) {
            Ok(promise) => Some(promise),
            Err(error) => Some(Promise::reject(&error)),
        }
    }

    /// The lock is ours; it is held until the promise answered here is resolved.
    fn granted(self: &Rc<Self>, number: u32) -> JsValue {
        if self.claim.get() != number {
            return JsValue::UNDEFINED;
        }
        self.waiting.take();
        let held = self.held.clone();
        let promise = Promise::new(&mut |resolve, _| *held.borrow_mut() = Some(resolve));
        let lock = self.clone();
        // The promise must be returned before the node acts: it may want to let go at once.
        spawn_local(async move {
            if lock.claim.get() == number {
                lock.tell(Input::LockGranted);
            }
        });

        promise.into()
    }

    /// Lets go, and stops waiting.
    pub fn release(&self) {
        self.claim.set(self.claim.get() + 1);
        self.abandon();
    }

    fn abandon(&self) {
        if let Some(controller) = self.waiting.take() {
            controller.abort();
        }
        if let Some(resolve) = self.held.take() {
            // Resolving a promise cannot fail.
            let _ = resolve.call0(&JsValue::UNDEFINED);
        }
    }

    fn tell(&self, input: Input) {
        if let Some(driver) = self.driver.upgrade() {
            driver.input(input);
        }
    }
}
