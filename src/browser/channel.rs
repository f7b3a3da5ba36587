//! The channel to the other nodes: a BroadcastChannel, or nobody.
use std::rc::Weak;

use wasm_bindgen::prelude::*;
use web_sys::{BroadcastChannel, MessageEvent};

use super::driver::Driver;
use crate::node::Input;

pub struct Channel {
    channel: BroadcastChannel,
    /// Kept as long as it may be called.
    _listener: Closure<dyn FnMut(MessageEvent)>,
}

impl Channel {
    /// Listens from now on: a message posted before is lost, so this comes before anything is asked.
    pub fn open(name: &str, driver: Weak<Driver>) -> Option<Channel> {
        let present = js_sys::Reflect::has(&js_sys::global(), &"BroadcastChannel".into());
        let channel = present.ok().filter(|present| *present);
        let channel = channel.and_then(|_| BroadcastChannel::new(&format!("kilat:{name}")).ok())?;
        let listener = Closure::new(move |event: MessageEvent| {
            let Ok(bytes) = event.data().dyn_into::<js_sys::Uint8Array>() else {
                return;
            };
            if let Some(driver) = driver.upgrade() {
                driver.input(Input::Received(bytes.to_vec()));
            }
        });
        channel.set_onmessage(Some(listener.as_ref().unchecked_ref()));

        Some(Channel {
            channel,
            _listener: listener,
        })
    }

    pub fn send(&self, bytes: &[u8]) {
        // A channel that is closed already has nobody to tell.
        let _ = self.channel.post_message(&js_sys::Uint8Array::from(bytes));
    }
}

impl Channel {
    /// Hears nothing any more.
    pub fn close(&self) {
        self.channel.set_onmessage(None);
        self.channel.close();
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.close();
    }
}
