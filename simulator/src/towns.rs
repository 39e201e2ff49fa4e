//! Where people are: towns of Oman with coordinates and population, the anchors sites are scattered around.
//!
//! Centres from Who's On First and GeoNames (CC BY), rounded to 0.001 degree; 16 are known to about 2 km only.
//! Populations: NCSI, end of 2022, by wilayat; villages of a wilayat that stand in a row of their own are estimates.

/// A town: an anchor for sites.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Town {
    /// Name in English, for people reading the table.
    pub(crate) name: &'static str,
    /// ISO 3166-2 code of the governorate.
    pub(crate) governorate: &'static str,
    /// HASC code of the wilaya.
    pub(crate) wilayat: &'static str,
    /// Latitude in degrees, WGS 84.
    pub(crate) lat: f64,
    /// Longitude in degrees, WGS 84.
    pub(crate) lon: f64,
    /// People.
    pub(crate) population: u32,
}

/// 76 towns, by governorate and population.
#[rustfmt::skip]
pub(crate) const TOWNS: [Town; 76] = [
    town("Barka", "OM-BJ", "OM.BS.BA", 23.707, 57.889, 205_175),
    town("Ar Rustaq", "OM-BJ", "OM.BS.RU", 23.391, 57.424, 129_050),
    town("Al Musannah", "OM-BJ", "OM.BS.MU", 23.757, 57.639, 108_812),
    town("Nakhal", "OM-BJ", "OM.BS.NA", 23.398, 57.822, 31_809),
    town("Wadi Al Maawil", "OM-BJ", "OM.BS.WA", 23.461, 57.800, 22_630),
    town("Al Awabi", "OM-BJ", "OM.BS.AW", 23.303, 57.525, 20_550),
    town("Sohar", "OM-BS", "OM.BN.SO", 24.364, 56.747, 263_894),
    town("As Suwayq", "OM-BS", "OM.BN.SU", 23.849, 57.439, 200_994),
    town("Saham", "OM-BS", "OM.BN.SA", 24.172, 56.889, 165_546),
    town("Al Khaburah", "OM-BS", "OM.BN.KH", 23.989, 57.098, 89_971),
    town("Shinas", "OM-BS", "OM.BN.SH", 24.743, 56.466, 88_317),
    town("Liwa", "OM-BS", "OM.BN.LI", 24.536, 56.566, 63_292),
    town("Al Buraymi", "OM-BU", "OM.BU.BU", 24.251, 55.793, 113_488),
    town("Mahdah", "OM-BU", "OM.BU.MA", 24.400, 55.970, 10_917),
    town("As Sunaynah", "OM-BU", "OM.BU.SN", 23.607, 55.954, 1_356),
    town("Nizwa", "OM-DA", "OM.DA.NI", 22.933, 57.533, 139_267),
    town("Bahla", "OM-DA", "OM.DA.BA", 22.973, 57.300, 96_415),
    town("Samail", "OM-DA", "OM.DA.SA", 23.317, 58.017, 87_997),
    town("Izki", "OM-DA", "OM.DA.IZ", 22.933, 57.767, 66_034),
    town("Bidbid", "OM-DA", "OM.DA.BB", 23.408, 58.128, 41_482),
    town("Adam", "OM-DA", "OM.DA.AD", 22.376, 57.523, 31_850),
    town("Al Hamra", "OM-DA", "OM.DA.HA", 23.115, 57.291, 31_013),
    town("Manah", "OM-DA", "OM.DA.MA", 22.792, 57.606, 27_860),
    town("Birkat al Mouz", "OM-DA", "OM.DA.NI", 22.917, 57.670, 14_000),
    town("Fanja", "OM-DA", "OM.DA.BB", 23.461, 58.111, 12_000),
    town("Sayq (Jabal Akhdar)", "OM-DA", "OM.DA.NI", 23.074, 57.640, 11_776),
    town("Firq", "OM-DA", "OM.DA.NI", 22.880, 57.530, 9_000),
    town("Bisyah", "OM-DA", "OM.DA.BA", 22.730, 57.250, 8_000),
    town("Al Ghafat", "OM-DA", "OM.DA.BA", 22.987, 57.148, 3_000),
    town("Tanuf", "OM-DA", "OM.DA.NI", 23.051, 57.468, 2_500),
    town("Misfat al Abriyin", "OM-DA", "OM.DA.HA", 23.141, 57.312, 1_200),
    town("As Seeb", "OM-MA", "OM.MA.SE", 23.670, 58.189, 524_696),
    town("Bawshar", "OM-MA", "OM.MA.BA", 23.556, 58.399, 412_544),
    town("Muttrah", "OM-MA", "OM.MA.MT", 23.616, 58.566, 223_590),
    town("Al Amarat", "OM-MA", "OM.MA.AM", 23.524, 58.498, 139_755),
    town("Al Mawaleh", "OM-MA", "OM.MA.SE", 23.600, 58.240, 120_000),
    town("Ruwi", "OM-MA", "OM.MA.MT", 23.594, 58.546, 90_000),
    town("Qurayyat", "OM-MA", "OM.MA.QU", 23.263, 58.920, 63_006),
    town("Muscat", "OM-MA", "OM.MA.MS", 23.612, 58.593, 37_865),
    town("Khasab", "OM-MU", "OM.MU.KH", 26.180, 56.248, 33_657),
    town("Dibba", "OM-MU", "OM.MU.DA", 25.636, 56.266, 10_714),
    town("Bukha", "OM-MU", "OM.MU.BU", 26.141, 56.152, 4_547),
    town("Madha", "OM-MU", "OM.MU.MA", 25.283, 56.333, 4_306),
    town("Sur", "OM-SJ", "OM.SS.SU", 22.567, 59.529, 122_527),
    town("Jaalan Bani Bu Ali", "OM-SJ", "OM.SS.JA", 22.012, 59.335, 117_730),
    town("Jaalan Bani Bu Hasan", "OM-SJ", "OM.SS.JH", 22.085, 59.277, 50_755),
    town("Al Kamil wa Al Wafi", "OM-SJ", "OM.SS.KW", 22.214, 59.205, 42_791),
    town("Masirah", "OM-SJ", "OM.SS.MA", 20.416, 58.734, 15_945),
    town("Al Ashkharah", "OM-SJ", "OM.SS.JA", 21.850, 59.570, 8_000),
    town("Al Mudhaibi", "OM-SS", "OM.SN.MU", 22.571, 58.123, 92_193),
    town("Ibra", "OM-SS", "OM.SN.IB", 22.691, 58.533, 53_155),
    town("Bidiyah", "OM-SS", "OM.SN.BI", 22.450, 58.800, 48_966),
    town("Sinaw", "OM-SS", "OM.SN.MU", 22.501, 58.030, 36_777),
    town("Dima wa At Taiyin", "OM-SS", "OM.SN.DA", 22.999, 58.641, 28_947),
    town("Al Qabil", "OM-SS", "OM.SN.QA", 22.571, 58.695, 26_997),
    town("Wadi Bani Khalid", "OM-SS", "OM.SN.WK", 22.498, 58.941, 14_197),
    town("Ad Duqm", "OM-WU", "OM.WU.DU", 19.662, 57.704, 23_851),
    town("Mahout", "OM-WU", "OM.WU.MU", 20.644, 57.970, 19_033),
    town("Haima", "OM-WU", "OM.WU.HA", 19.959, 56.276, 10_500),
    town("Al Jazir", "OM-WU", "OM.WU.JA", 18.522, 56.223, 6_084),
    town("Qarn Alam", "OM-WU", "OM.WU.HA", 21.370, 57.050, 800),
    town("Ibri", "OM-ZA", "OM.DH.IB", 23.226, 56.516, 178_234),
    town("Yanqul", "OM-ZA", "OM.DH.YA", 23.591, 56.550, 28_738),
    town("Dhank", "OM-ZA", "OM.DH.DA", 23.552, 56.257, 25_886),
    town("Fahud", "OM-ZA", "OM.DH.IB", 22.310, 56.490, 2_000),
    town("Salalah", "OM-ZU", "OM.JA.SL", 17.015, 54.092, 388_841),
    town("Taqah", "OM-ZU", "OM.JA.TA", 17.048, 54.391, 26_486),
    town("Thumrait", "OM-ZU", "OM.JA.TH", 17.617, 54.033, 18_953),
    town("Mirbat", "OM-ZU", "OM.JA.MI", 16.996, 54.691, 18_628),
    town("Al Mazyunah", "OM-ZU", "OM.JA.MZ", 17.838, 52.660, 10_128),
    town("Shalim and the Hallaniyat Islands", "OM-ZU", "OM.JA.SJ", 18.112, 55.648, 7_591),
    town("Sadah", "OM-ZU", "OM.JA.SD", 17.050, 55.067, 6_356),
    town("Rakhyut", "OM-ZU", "OM.JA.RA", 16.748, 53.422, 5_266),
    town("Dhalkut", "OM-ZU", "OM.JA.DA", 16.706, 53.247, 3_415),
    town("Marmul", "OM-ZU", "OM.JA.SJ", 18.140, 55.180, 2_500),
    town("Muqshin", "OM-ZU", "OM.JA.MU", 19.560, 54.900, 705),
];

const fn town(
    name: &'static str,
    governorate: &'static str,
    wilayat: &'static str,
    lat: f64,
    lon: f64,
    population: u32,
) -> Town {
    Town { name, governorate, wilayat, lat, lon, population }
}
