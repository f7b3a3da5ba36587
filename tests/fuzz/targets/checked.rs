//! What a checksum guards is reached only by bytes that have it.
use kilat::base::crc::crc64;

const CHECKSUM: usize = 8;

/// The bytes with the checksum that they should have in place of their last eight.
pub fn checked(bytes: &[u8]) -> Vec<u8> {
    let mut checked = bytes[..bytes.len().saturating_sub(CHECKSUM)].to_vec();
    let checksum = crc64(0, &checked);
    checked.extend_from_slice(&checksum.to_le_bytes());

    checked
}
