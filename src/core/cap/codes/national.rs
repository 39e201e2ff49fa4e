//! The codes of the national profile, whose levels stand in its table, and the codes of the clock.

use super::{Code, error, own};

const PROFILE: &str = "Oman's profile, cap-schemas/README.md";
const PARITY: &str = "Oman's profile: languages tell of one event";

pub(super) const CODES: &[Code] = &[
    own(
        "oman.info.missing",
        PROFILE,
        ("nothing to broadcast: no info", "add an info in Arabic and one in English"),
        ("لا شيء يُبث: لا توجد info", "أضف كتلة info بالعربية وأخرى بالإنجليزية"),
    ),
    own(
        "oman.language.missing",
        PROFILE,
        ("a language every warning speaks is missing", "add an info in that language"),
        ("تنقص لغة لا يخلو منها تحذير", "أضف كتلة info بتلك اللغة"),
    ),
    own(
        "oman.language.other",
        PROFILE,
        ("an info in a language that is not broadcast", "take it out, or correct its language"),
        ("كتلة info بلغة لا تُبث", "احذفها أو صحح رمز اللغة"),
    ),
    own(
        "oman.language.repeated",
        PROFILE,
        ("two infos of one language", "keep one info a language"),
        ("كتلتان بلغة واحدة", "أبق كتلة واحدة لكل لغة"),
    ),
    own(
        "oman.scope",
        PROFILE,
        ("not Public", "set the scope to Public"),
        ("النطاق ليس عاما", "اجعل النطاق Public"),
    ),
    own(
        "oman.headline.missing",
        PROFILE,
        ("no headline", "add a headline of at most 160 characters"),
        ("لا عنوان للتحذير", "أضف عنوانا لا يزيد على 160 حرفا"),
    ),
    own(
        "oman.text.missing",
        PROFILE,
        ("neither description nor instruction", "say what happens, or what to do"),
        ("لا وصف ولا تعليمات", "قل ماذا يحدث أو ماذا يفعل الناس"),
    ),
    own(
        "oman.expires.long",
        PROFILE,
        ("expires too long after sent", "end it sooner; an Update carries it on"),
        ("وقت الانتهاء بعيد عن وقت الإرسال", "قدّم وقت الانتهاء؛ والتحديث يمدّه"),
    ),
    own(
        "oman.parity.category",
        PARITY,
        ("categories differ between languages", "give every language the same"),
        ("الفئات تختلف بين اللغات", "اجعلها واحدة في كل اللغات"),
    ),
    own(
        "oman.parity.urgency",
        PARITY,
        ("urgency differs between languages", "give every language the same"),
        ("درجة الإلحاح تختلف بين اللغات", "اجعلها واحدة في كل اللغات"),
    ),
    own(
        "oman.parity.severity",
        PARITY,
        ("severity differs between languages", "give every language the same"),
        ("الشدة تختلف بين اللغات", "اجعلها واحدة في كل اللغات"),
    ),
    own(
        "oman.parity.certainty",
        PARITY,
        ("certainty differs between languages", "give every language the same"),
        ("درجة اليقين تختلف بين اللغات", "اجعلها واحدة في كل اللغات"),
    ),
    own(
        "oman.parity.response",
        PARITY,
        ("response types differ between languages", "give every language the same"),
        ("الاستجابات تختلف بين اللغات", "اجعلها واحدة في كل اللغات"),
    ),
    own(
        "oman.parity.event_code",
        PARITY,
        ("event codes differ between languages", "give every language the same"),
        ("رموز الحدث تختلف بين اللغات", "اجعلها واحدة في كل اللغات"),
    ),
    own(
        "oman.parity.effective",
        PARITY,
        ("effective differs between languages", "give every language the same"),
        ("وقت السريان يختلف بين اللغات", "اجعله واحدا في كل اللغات"),
    ),
    own(
        "oman.parity.onset",
        PARITY,
        ("onset differs between languages", "give every language the same"),
        ("وقت البداية يختلف بين اللغات", "اجعله واحدا في كل اللغات"),
    ),
    own(
        "oman.parity.expires",
        PARITY,
        ("expires differs between languages", "give every language the same"),
        ("وقت الانتهاء يختلف بين اللغات", "اجعله واحدا في كل اللغات"),
    ),
    own(
        "oman.parity.area",
        PARITY,
        (
            "areas differ between languages",
            "give every language the same shapes and codes; areaDesc alone is translated",
        ),
        ("المناطق تختلف بين اللغات", "اجعل الأشكال والرموز واحدة؛ ولا يُترجم إلا areaDesc"),
    ),
    own(
        "oman.parameter.value",
        PROFILE,
        (
            "a parameter of the profile with a value it does not have in this status",
            "use a value of the table",
        ),
        ("معامل من الوصف الوطني بقيمة لا تجوز في هذه الحالة", "استعمل قيمة من الجدول"),
    ),
    own(
        "oman.parameter.unknown",
        PROFILE,
        ("a parameter of this system that no author writes", "correct its name, or take it out"),
        ("معامل من معاملات المنظومة لا يكتبه كاتب الإنذار", "صحح اسمه أو احذفه"),
    ),
    own(
        "oman.version",
        PROFILE,
        ("CAP 1.1; it goes to operators as 1.2", "write urn:oasis:names:tc:emergency:cap:1.2"),
        ("الإصدار CAP 1.1؛ ويصل إلى المشغلين بالإصدار 1.2", "اكتب urn:oasis:names:tc:emergency:cap:1.2"),
    ),
    own(
        "oman.code.other",
        PROFILE,
        (
            "a code that names another version of this profile",
            "hold the alert against this version, and name it",
        ),
        ("رمز يسمي إصدارا آخر من هذا الوصف", "راجع الإنذار على هذا الإصدار واكتب اسمه"),
    ),
    own(
        "oman.sent.offset",
        PROFILE,
        ("sent in neither Muscat time nor UTC", "write +04:00"),
        ("وقت الإرسال ليس بتوقيت مسقط ولا بالتوقيت العالمي", "اكتب +04:00"),
    ),
    own(
        "oman.identifier.arc",
        PROFILE,
        ("an identifier outside Oman's WMO arc", "write it as 2.49.0.1.512.<authority>.<time>.<number>"),
        (
            "المعرّف خارج نطاق عُمان لدى المنظمة العالمية للأرصاد",
            "اكتبه هكذا: 2.49.0.1.512.<الجهة>.<الوقت>.<الرقم>",
        ),
    ),
    own(
        "oman.sender.unknown",
        PROFILE,
        ("a sender who is not on the list", "use the address the authority is listed with"),
        ("المرسل ليس في القائمة", "استعمل العنوان المسجل للجهة"),
    ),
    own(
        "oman.sender_name.missing",
        PROFILE,
        ("no senderName", "name the authority that warns"),
        ("لا اسم للجهة المحذّرة", "سم الجهة في senderName"),
    ),
    own(
        "oman.category.unknown",
        PROFILE,
        ("a category that is not warned of", "use a category of the table"),
        ("فئة ليست في القائمة", "استعمل فئة من الجدول"),
    ),
    own(
        "oman.event_code.missing",
        PROFILE,
        ("no OASIS event term", "add an eventCode of OET:v1.2"),
        ("لا رمز للحدث من قائمة OASIS", "أضف eventCode من OET:v1.2"),
    ),
    own(
        "oman.event_code.several",
        PROFILE,
        ("more than one OASIS event term", "keep the one that names the event"),
        ("أكثر من رمز واحد للحدث من قائمة OASIS", "أبق الرمز الذي يسمي الحدث"),
    ),
    own(
        "oman.event_code.unknown",
        PROFILE,
        ("an event term outside the list for Oman", "use a term of the table"),
        ("رمز حدث خارج قائمة عُمان", "استعمل رمزا من الجدول"),
    ),
    error(
        "clock.expires.past",
        "CAP 1.2, 3.2.2 expires",
        ("expired", "write a new message with a new time"),
        ("انتهى وقته", "اكتب رسالة جديدة بوقت جديد"),
    ),
    error(
        "clock.sent.future",
        "CAP 1.2, 3.2.1 sent",
        ("sent in the future", "set the clock, and write the time of sending"),
        ("وقت الإرسال في المستقبل", "اضبط الساعة واكتب وقت الإرسال"),
    ),
];
