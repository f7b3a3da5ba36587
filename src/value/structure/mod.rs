//! The structures that the data types share and that nobody else knows.
