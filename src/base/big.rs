//! Just enough of big whole numbers to convert between decimal and binary exactly: a few thousand
//! digits, each operation a plain loop.

/// Limbs, least significant first, without zeros at the end.
#[derive(Clone)]
pub(super) struct Big(Vec<u32>);

impl Big {
    pub fn new() -> Big {
        Big(Vec::new())
    }

    pub fn from(value: u64) -> Big {
        Big(vec![value as u32, (value >> 32) as u32]).trimmed()
    }

    pub fn ten_to(power: u32) -> Big {
        let mut scale = Big::from(1);
        for _ in 0..power / 9 {
            scale.mul_add(1_000_000_000, 0);
        }
        scale.mul_add(10u32.pow(power % 9), 0);

        scale
    }

    fn trimmed(mut self) -> Big {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
        self
    }

    pub fn bits(&self) -> u32 {
        self.0
            .last()
            .map_or(0, |top| self.0.len() as u32 * 32 - top.leading_zeros())
    }

    /// `self = self * factor + addend`.
    pub fn mul_add(&mut self, factor: u32, addend: u32) {
        let mut carry = u64::from(addend);
        for limb in &mut self.0 {
            carry += u64::from(*limb) * u64::from(factor);
            *limb = carry as u32;
            carry >>= 32;
        }
        if carry > 0 {
            self.0.push(carry as u32);
        }
    }

    pub fn mul(&self, other: &Big) -> Big {
        let mut product = vec![0u32; self.0.len() + other.0.len()];
        for (i, a) in self.0.iter().enumerate() {
            let mut carry = 0u64;
            for (limb, b) in product[i..].iter_mut().zip(other.0.iter().chain([&0])) {
                carry += u64::from(*limb) + u64::from(*a) * u64::from(*b);
                *limb = carry as u32;
                carry >>= 32;
            }
        }
        Big(product).trimmed()
    }

    pub fn shifted_left(&self, bits: u32) -> Big {
        let (limbs, bits) = ((bits / 32) as usize, bits % 32);
        let mut shifted = vec![0; limbs];
        let mut carry = 0u64;
        for limb in &self.0 {
            carry |= u64::from(*limb) << bits;
            shifted.push(carry as u32);
            carry >>= 32;
        }
        shifted.push(carry as u32);
        Big(shifted).trimmed()
    }

    /// The number as `mantissa * 2^exponent`, bits that do not fit folded into the lowest one.
    pub fn top128(&self) -> (u128, i32) {
        let below = self.0.len().saturating_sub(4);
        let top = self.0[below..]
            .iter()
            .rev()
            .fold(0u128, |top, limb| top << 32 | u128::from(*limb));
        let rest = self.0[..below].iter().any(|limb| *limb != 0);
        (top | u128::from(rest), below as i32 * 32)
    }

    /// `self / divisor` in the form of `top128`, at least 70 bits of it; neither may be 0.
    pub fn divide128(&self, divisor: &Big) -> (u128, i32) {
        // Align so that the quotient is below 2, then find it bit by bit: few bits, so no
        // cleverness is needed.
        let shift = divisor.bits() as i32 - self.bits() as i32;
        let mut rest = self.shifted_left(shift.max(0) as u32);
        let divisor = divisor.shifted_left((-shift).max(0) as u32);
        let mut quotient = 0u128;
        for _ in 0..72 {
            quotient <<= 1;
            if rest.at_least(&divisor) {
                rest.subtract(&divisor);
                quotient |= 1;
            }
            rest.mul_add(2, 0);
        }
        (quotient << 1 | u128::from(!rest.0.is_empty()), -shift - 72)
    }

    fn at_least(&self, other: &Big) -> bool {
        let by_length = self.0.len().cmp(&other.0.len());
        by_length
            .then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
            .is_ge()
    }

    fn subtract(&mut self, other: &Big) {
        let mut borrow = false;
        for (i, limb) in self.0.iter_mut().enumerate() {
            let (less, under) = limb.overflowing_sub(other.0.get(i).copied().unwrap_or(0));
            let (less, under_again) = less.overflowing_sub(u32::from(borrow));
            (*limb, borrow) = (less, under || under_again);
        }
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }

    pub fn to_decimal(&self) -> String {
        let mut rest = self.clone();
        let mut groups = Vec::new();
        while !rest.0.is_empty() {
            let mut remainder = 0u64;
            for limb in rest.0.iter_mut().rev() {
                let value = remainder << 32 | u64::from(*limb);
                (*limb, remainder) = ((value / 1_000_000_000) as u32, value % 1_000_000_000);
            }
            groups.push(remainder as u32);
            rest = rest.trimmed();
        }
        let mut text = groups.pop().unwrap_or(0).to_string();
        for group in groups.iter().rev() {
            text.push_str(&format!("{group:09}"));
        }
        text
    }
}
