//! Encryption at rest and between tabs: AES-GCM, by WebCrypto, of every block, piece and message.
//!
//! What is sealed is `[nonce: 12 bytes] [ciphertext] [tag: 16 bytes]`. Nonces are random, as many tabs write under
//! one key and share no counter; 2^32 of them may be used before two are likely to be alike (one in 2^33). What is
//! not encrypted but vouched for is the database's identity and the place: nothing can be put elsewhere unseen.
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::pin::Pin;
use std::rc::Rc;

use js_sys::{Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::clock::random_bytes;
use crate::node::BlockKey;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["crypto", "subtle"])]
    fn encrypt(algorithm: &JsValue, key: &JsValue, data: &Uint8Array) -> Result<Promise, JsValue>;

    #[wasm_bindgen(catch, js_namespace = ["crypto", "subtle"])]
    fn decrypt(algorithm: &JsValue, key: &JsValue, data: &Uint8Array) -> Result<Promise, JsValue>;
}

const NONCE: usize = 12;
const IDENTITY: usize = 16;

/// Where something sealed belongs.
#[derive(Clone, Copy)]
pub enum At {
    Identity,
    Channel,
    Block(BlockKey),
    Piece([u8; 16], u32),
}

impl At {
    fn bytes(self, identity: &[u8; IDENTITY]) -> Vec<u8> {
        let mut bytes = identity.to_vec();
        match self {
            At::Identity => bytes.push(0),
            At::Channel => bytes.push(1),
            At::Block(key) => {
                bytes.push(2);
                bytes.extend_from_slice(&key.epoch.to_be_bytes());
                bytes.extend_from_slice(&key.n.to_be_bytes());
            }
            At::Piece(snapshot, index) => {
                bytes.push(3);
                bytes.extend_from_slice(&snapshot);
                bytes.extend_from_slice(&index.to_be_bytes());
            }
        }

        bytes
    }
}

/// The key of one database, once the database is known.
struct Keyed {
    key: JsValue,
    identity: [u8; IDENTITY],
}

/// What few who open need is compiled apart from what all need: a browser compiles a function when it is first called.
pub type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

pub struct Cipher {
    /// `(salt) => Promise<CryptoKey>`: the salt is the database's identity.
    derive: Function,
    keyed: RefCell<Option<Rc<Keyed>>>,
}

impl Cipher {
    pub fn new(derive: Function) -> Cipher {
        Cipher {
            derive,
            keyed: RefCell::default(),
        }
    }

    /// What a new database keeps: its identity, and that once more sealed, so that a wrong key is known as one.
    pub fn mark(&self, identity: [u8; IDENTITY]) -> Boxed<'_, Result<Vec<u8>, JsValue>> {
        Box::pin(async move {
            let keyed = self.derive(identity).await?;
            let sealed = keyed.seal(At::Identity, &identity).await?;

            Ok([&identity[..], &sealed].concat())
        })
    }

    /// Takes the key that fits what a database keeps; answers whether it fits.
    pub fn unlock<'a>(
        &'a self,
        identity: [u8; IDENTITY],
        sealed: &'a [u8],
    ) -> Boxed<'a, Result<bool, JsValue>> {
        Box::pin(async move {
            let keyed = self.derive(identity).await?;
            let fits = keyed.open(At::Identity, sealed).await.as_deref() == Some(&identity[..]);
            if fits {
                *self.keyed.borrow_mut() = Some(Rc::new(keyed));
            }

            Ok(fits)
        })
    }

    async fn derive(&self, identity: [u8; IDENTITY]) -> Result<Keyed, JsValue> {
        let salt = Uint8Array::from(&identity[..]);
        let promise = self.derive.call1(&JsValue::NULL, &salt)?;
        let key = JsFuture::from(Promise::resolve(&promise)).await?;

        Ok(Keyed { key, identity })
    }

    /// Nothing is sealed before `unlock`.
    pub async fn seal(&self, at: At, bytes: &[u8]) -> Result<Vec<u8>, JsValue> {
        let keyed = self.keyed.borrow().clone().ok_or("there is no key yet")?;

        keyed.seal(at, bytes).await
    }

    /// `None` for what was not sealed with this key for this place.
    pub async fn open(&self, at: At, sealed: &[u8]) -> Option<Vec<u8>> {
        let keyed = self.keyed.borrow().clone()?;

        keyed.open(at, sealed).await
    }
}

impl Keyed {
    async fn seal(&self, at: At, bytes: &[u8]) -> Result<Vec<u8>, JsValue> {
        let nonce: [u8; NONCE] = random_bytes();
        let algorithm = self.algorithm(at, &nonce);
        let sealed = encrypt(&algorithm, &self.key, &Uint8Array::from(bytes))?;
        let sealed = Uint8Array::new(&JsFuture::from(sealed).await?);
        let mut out = vec![0; NONCE + sealed.length() as usize];
        out[..NONCE].copy_from_slice(&nonce);
        sealed.copy_to(&mut out[NONCE..]);

        Ok(out)
    }

    async fn open(&self, at: At, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE)?;
        let algorithm = self.algorithm(at, nonce);
        let opened = decrypt(&algorithm, &self.key, &Uint8Array::from(sealed)).ok()?;

        Some(Uint8Array::new(&JsFuture::from(opened).await.ok()?).to_vec())
    }

    fn algorithm(&self, at: At, nonce: &[u8]) -> JsValue {
        let algorithm = Object::new();
        let vouched = Uint8Array::from(&at.bytes(&self.identity)[..]);
        let fields: [(&str, JsValue); 3] = [
            ("name", "AES-GCM".into()),
            ("iv", Uint8Array::from(nonce).into()),
            ("additionalData", vouched.into()),
        ];
        for (name, value) in fields {
            // Setting a property of a fresh object cannot fail.
            let _ = Reflect::set(&algorithm, &name.into(), &value);
        }

        algorithm.into()
    }
}

/// Messages one after the other: WebCrypto answers later, and their order must be kept.
#[derive(Default)]
pub struct Line {
    waiting: RefCell<VecDeque<Vec<u8>>>,
    is_moving: Cell<bool>,
}

impl Line {
    /// Does `work` with what was put in before, then with this.
    pub fn put(self: &Rc<Self>, bytes: Vec<u8>, work: impl AsyncFn(Vec<u8>) + 'static) {
        self.waiting.borrow_mut().push_back(bytes);
        if self.is_moving.replace(true) {
            return;
        }
        let line = self.clone();
        spawn_local(async move {
            loop {
                let next = line.waiting.borrow_mut().pop_front();
                let Some(bytes) = next else { break };
                work(bytes).await;
            }
            line.is_moving.set(false);
        });
    }
}
