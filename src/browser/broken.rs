//! A connection that breaks: who waits for it is told.
//!
//! Browser: when Chromium closes a database by force (its storage was cleared), transactions that were under
//! way are never heard of again.
use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::pin::pin;
use std::task::{Poll, Waker};

/// Set once, when the connection is gone. One task at a time waits.
#[derive(Default)]
pub struct Broken {
    is_set: Cell<bool>,
    waiting: RefCell<Option<Waker>>,
}

impl Broken {
    pub fn set(&self) {
        self.is_set.set(true);
        if let Some(waker) = self.waiting.take() {
            waker.wake();
        }
    }

    /// What comes of `work`, or None where the connection breaks first.
    pub async fn unless<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let mut work = pin!(work);

        poll_fn(|cx| {
            if let Poll::Ready(done) = work.as_mut().poll(cx) {
                return Poll::Ready(Some(done));
            }
            if self.is_set.get() {
                return Poll::Ready(None);
            }
            *self.waiting.borrow_mut() = Some(cx.waker().clone());

            Poll::Pending
        })
        .await
    }
}
