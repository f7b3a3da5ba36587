//! The Web Lock of the database: held by one, waited for in order, taken away by stealing.
use std::collections::VecDeque;

/// A life: one run of one node. A page that is loaded again begins another.
pub type Life = u64;

/// A life and the number of its request: what is told of one that was given up is not heard.
pub type Request = (Life, u64);

/// What the lock tells to whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    Granted(Request),
    Lost(Request),
}

#[derive(Default)]
pub struct Lock {
    /// There is none: everybody is granted it at once.
    pub absent: bool,
    pub holder: Option<Request>,
    waiting: VecDeque<Request>,
}

impl Lock {
    pub fn request(&mut self, request: Request) -> Vec<Told> {
        if self.absent {
            return vec![Told::Granted(request)];
        }
        self.waiting.push_back(request);

        self.grant()
    }

    pub fn steal(&mut self, request: Request) -> Vec<Told> {
        if self.absent {
            return vec![Told::Granted(request)];
        }
        self.waiting.retain(|(life, _)| *life != request.0);
        let robbed = self.holder.replace(request);
        let mut told: Vec<Told> = robbed.map(Told::Lost).into_iter().collect();
        told.push(Told::Granted(request));

        told
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

    fn grant(&mut self) -> Vec<Told> {
        if self.holder.is_some() {
            return Vec::new();
        }
        self.holder = self.waiting.pop_front();

        self.holder.map(Told::Granted).into_iter().collect()
    }
}
