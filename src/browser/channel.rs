//! The channel to the other nodes: a BroadcastChannel, or nobody. With a key, all that goes through it is sealed.
use std::rc::{Rc, Weak};

use wasm_bindgen::prelude::*;
use web_sys::{BroadcastChannel, MessageEvent};

use super::crypto::{At, Cipher, Line};
use super::driver::Driver;
use crate::node::Input;

pub struct Channel {
    channel: BroadcastChannel,
    sealed: Option<(Rc<Cipher>, Rc<Line>)>,
    /// Kept as long as it may be called.
    _listener: Closure<dyn FnMut(MessageEvent)>,
}

impl Channel {
    /// Listens from now on: a message posted before is lost, so this comes before anything is asked.
    pub fn open(name: &str, driver: Weak<Driver>, cipher: Option<Rc<Cipher>>) -> Option<Channel> {
        let present = js_sys::Reflect::has(&js_sys::global(), &"BroadcastChannel".into());
        let channel = present.ok().filter(|present| *present);
        let channel = channel.and_then(|_| BroadcastChannel::new(&format!("kilat:{name}")).ok())?;
        let sealed = cipher.map(|cipher| (cipher, Rc::<Line>::default()));
        let received = sealed
            .as_ref()
            .map(|(cipher, _)| (cipher.clone(), Rc::<Line>::default()));
        let listener = Closure::new(move |event: MessageEvent| {
            let Ok(bytes) = event.data().dyn_into::<js_sys::Uint8Array>() else {
                return;
            };
            match &received {
                None => hand_in(&driver, bytes.to_vec()),
                Some((cipher, line)) => {
                    let (cipher, driver) = (cipher.clone(), driver.clone());
                    line.put(bytes.to_vec(), async move |bytes| {
                        // Of a tab with another key, or none: nobody who is known here.
                        if let Some(message) = cipher.open(At::Channel, &bytes).await {
                            hand_in(&driver, message);
                        }
                    });
                }
            }
        });
        channel.set_onmessage(Some(listener.as_ref().unchecked_ref()));

        Some(Channel {
            channel,
            sealed,
            _listener: listener,
        })
    }

    pub fn send(&self, bytes: Vec<u8>) {
        let channel = self.channel.clone();
        match &self.sealed {
            None => post(&channel, &bytes),
            Some((cipher, line)) => {
                let cipher = cipher.clone();
                line.put(bytes, async move |bytes| {
                    if let Ok(sealed) = cipher.seal(At::Channel, &bytes).await {
                        post(&channel, &sealed);
                    }
                });
            }
        }
    }
}

fn post(channel: &BroadcastChannel, bytes: &[u8]) {
    // A channel that is closed already has nobody to tell.
    let _ = channel.post_message(&js_sys::Uint8Array::from(bytes));
}

fn hand_in(driver: &Weak<Driver>, message: Vec<u8>) {
    if let Some(driver) = driver.upgrade() {
        driver.input(Input::Received(message));
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
