//! The Web Lock of the database: held by one, waited for in order, taken away by stealing.
//!
//! It is a hint, so it may also fail: grant everybody, or nobody.
use std::collections::VecDeque;

/// A life: one run of one node. A page that is loaded again begins another.
pub type Life = u64;

/// A life and the number of its request: what is told of one that was given up is not heard.
pub type Request = (Life, u64);

/// A script of another kind that takes the lock for itself.
const STRANGER: Request = (u64::MAX, 0);

/// What the lock tells to whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    Granted(Request),
    Lost(Request),
}

/// Whether it does what it should.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Service {
    #[default]
    Honest,
    /// Everybody is granted it at once, or there is none.
    Everyone,
    /// Nobody hears anything.
    Silent,
}

#[derive(Default)]
pub struct Lock {
    pub service: Service,
    holder: Option<Request>,
    waiting: VecDeque<Request>,
}

impl Lock {
    pub fn request(&mut self, request: Request) -> Vec<Told> {
        match self.service {
            Service::Everyone => return vec![Told::Granted(request)],
            Service::Silent => return Vec::new(),
            Service::Honest => self.waiting.push_back(request),
        }

        self.grant()
    }

    pub fn steal(&mut self, request: Request) -> Vec<Told> {
        if self.service != Service::Honest {
            return self.request(request);
        }
        self.waiting.retain(|(life, _)| *life != request.0);
        let robbed = self.holder.replace(request);
        let mut told: Vec<Told> = robbed.map(Told::Lost).into_iter().collect();
        told.push(Told::Granted(request));

        told
    }

    /// A stranger steals it, and soon lets go.
    pub fn rob(&mut self) -> Vec<Told> {
        self.steal(STRANGER)
    }

    pub fn stranger_goes(&mut self) -> Vec<Told> {
        self.release(STRANGER.0)
    }

    /// Gives it up, or the place in the row.
    pub fn release(&mut self, life: Life) -> Vec<Told> {
        self.waiting.retain(|(waiting, _)| *waiting != life);
        self.holder = self.holder.filter(|(holder, _)| *holder != life);

        self.grant()
    }

    /// Taken away by nobody in particular.
    pub fn lose(&mut self) -> Vec<Told> {
        let mut told: Vec<Told> = self.holder.take().map(Told::Lost).into_iter().collect();
        told.extend(self.grant());

        told
    }

    /// The service ends or begins anew: what it knew is gone.
    pub fn restart(&mut self, service: Service) {
        self.service = service;
        self.holder = None;
        self.waiting.clear();
    }

    fn grant(&mut self) -> Vec<Told> {
        if self.holder.is_some() || self.service != Service::Honest {
            return Vec::new();
        }
        self.holder = self.waiting.pop_front();

        self.holder.map(Told::Granted).into_iter().collect()
    }
}
