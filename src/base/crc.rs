//! The checksum of Redis's RDB and DUMP formats, which our own records use too.

use std::sync::LazyLock;

use crc::{CRC_64_REDIS, Crc, Table};

// Sixteen tables, for sixteen bytes at a step. Made when first asked for: as data they would be 32 KiB of the wasm.
static CRC64: LazyLock<Crc<u64, Table<16>>> =
    LazyLock::new(|| Crc::<u64, Table<16>>::new(&CRC_64_REDIS));

/// Continues the checksum `so_far` (0 to begin with) over `bytes`: pieces give the same as the
/// whole.
pub fn crc64(so_far: u64, bytes: &[u8]) -> u64 {
    // The crate takes the initial value unreflected and reflects it itself.
    let mut digest = CRC64.digest_with_initial(so_far.reverse_bits());
    digest.update(bytes);
    digest.finalize()
}

#[cfg(test)]
mod tests {
    use super::crc64;

    #[test]
    fn known_value_and_pieces() {
        assert_eq!(crc64(0, b"123456789"), 0xe9c6_d914_c4b8_d9ca);
        let text = b"This is a test of the emergency broadcast system.";
        for cut in 0..text.len() {
            assert_eq!(crc64(crc64(0, &text[..cut]), &text[cut..]), crc64(0, text));
        }
    }
}
