//! Bytes to calls, replies to bytes: RESP2 and RESP3.
