//! Layer 4: what nodes say to one another, and who leads. Knows no channel, no lock, no clock.
