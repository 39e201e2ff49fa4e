//! What a data coding scheme says of a page's octets, as phones take it (TS 23.038, 5). Reads no octets itself.

use crate::alphabet::Unreadable;

/// How the octets of each page are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coding {
    /// Septets of the default alphabet.
    Gsm7,
    /// Septets whose first three are a language (ISO 639) and a carriage return.
    Gsm7WithLanguage,
    /// Octets of the default alphabet: 8-bit data, which phones show all the same.
    Gsm8,
    /// 16-bit units.
    Ucs2,
    /// 16-bit units behind two octets that hold a language as two septets.
    Ucs2WithLanguage,
}

impl Coding {
    /// The coding of a scheme; reserved values are read as the default alphabet, as the clause demands.
    ///
    /// # Errors
    /// Compression (groups 6 and 7), a user data header (group 9) and WAP (group 14): phones lose such messages.
    pub(crate) fn of(dcs: u8) -> Result<Coding, Unreadable> {
        match (dcs >> 4, dcs & 0x0F) {
            (0x1, 0x0) => Ok(Coding::Gsm7WithLanguage),
            (0x1, 0x1) => Ok(Coding::Ucs2WithLanguage),
            (0x4 | 0x5, low) => match (low >> 2) & 0b11 {
                0b01 => Ok(Coding::Gsm8),
                0b10 => Ok(Coding::Ucs2),
                _ => Ok(Coding::Gsm7),
            },
            (0xF, low) if low & 0b0100 == 0 => Ok(Coding::Gsm7),
            (0xF, _) => Ok(Coding::Gsm8),
            (0x6 | 0x7 | 0x9 | 0xE, _) => Err(Unreadable::Coding(dcs)),
            _ => Ok(Coding::Gsm7),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(schemes: &[u8], expected: Option<Coding>) {
        for &dcs in schemes {
            assert_eq!(Coding::of(dcs).ok(), expected, "{dcs:#04x}");
        }
    }

    #[test]
    fn follows_the_groups_of_the_standard() {
        check(&[0x00, 0x01, 0x0F, 0x20, 0x22, 0x2F, 0x30, 0x3F, 0x40, 0x50, 0xF0, 0xF1], Some(Coding::Gsm7));
        check(&[0x12, 0x1F, 0x80, 0xA0, 0xD0], Some(Coding::Gsm7));
        check(&[0x10], Some(Coding::Gsm7WithLanguage));
        check(&[0x11], Some(Coding::Ucs2WithLanguage));
        check(&[0x48, 0x4B, 0x58], Some(Coding::Ucs2));
        check(&[0x44, 0x54, 0xF4, 0xF5], Some(Coding::Gsm8));
        check(&[0x60, 0x68, 0x78, 0x90, 0xE0], None);
    }
}
