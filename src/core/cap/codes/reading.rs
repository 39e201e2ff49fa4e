//! The codes of what reading finds: bounds, XML, the schema.

use super::{Code, error, warning};

const BOUND: &str = "bounds, cap-schemas/README.md";
const XML: &str = "XML 1.0, 2.1";
const SCHEMA: &str = "CAP 1.2, 3.4 XML schema";

pub(super) const CODES: &[Code] = &[
    error(
        "cap.limit.octets",
        BOUND,
        ("the document is too long", "send a shorter one: fewer points, files as links"),
        ("الوثيقة أطول مما يُقرأ", "أرسل وثيقة أقصر: نقاط أقل، والملفات روابط"),
    ),
    error(
        "cap.limit.depth",
        BOUND,
        ("elements stand too deep inside one another", "take out the elements that are not CAP's"),
        ("العناصر متداخلة أعمق مما يُقرأ", "احذف العناصر التي ليست من CAP"),
    ),
    error(
        "cap.limit.attributes",
        BOUND,
        ("too many attributes", "take them out; CAP has none"),
        ("السمات أكثر مما يُقرأ", "احذفها؛ ليس في CAP سمات"),
    ),
    error(
        "cap.limit.infos",
        BOUND,
        ("too many info blocks", "one info a language"),
        ("كتل info أكثر مما يُقرأ", "كتلة info واحدة لكل لغة"),
    ),
    error(
        "cap.limit.areas",
        BOUND,
        ("too many areas in one info", "join areas, or name regions by geocode"),
        ("المناطق في كتلة info واحدة أكثر مما يُقرأ", "ادمج المناطق أو سمها برموزها"),
    ),
    error(
        "cap.limit.polygons",
        BOUND,
        ("too many polygons in one area", "join polygons, or spread them over areas"),
        ("المضلعات في منطقة واحدة أكثر مما يُقرأ", "ادمج المضلعات أو وزعها على مناطق"),
    ),
    error(
        "cap.limit.points",
        BOUND,
        ("too many polygon points", "simplify the polygons outward"),
        ("نقاط المضلعات أكثر مما يُقرأ", "بسّط المضلعات نحو الخارج"),
    ),
    error(
        "cap.limit.shapes",
        BOUND,
        ("too many polygons, circles and geocodes", "join them, or name larger regions"),
        ("المضلعات والدوائر والرموز الجغرافية أكثر مما يُقرأ", "ادمجها أو سم مناطق أكبر"),
    ),
    error(
        "cap.encoding",
        "bounds, cap-schemas/README.md; XML 1.0, 4.3.3",
        ("not UTF-8", "save the document as UTF-8"),
        ("الترميز ليس UTF-8", "احفظ الوثيقة بترميز UTF-8"),
    ),
    error(
        "cap.xml",
        XML,
        ("not well-formed XML", "mend the XML at this place; nothing after it was read"),
        ("بناء XML غير سليم", "أصلح بناء XML هنا؛ لم يُقرأ ما بعده"),
    ),
    error(
        "cap.doctype",
        "XML 1.0, 2.8; refused here",
        ("a DOCTYPE", "take the DOCTYPE out; CAP has no use for it"),
        ("في الوثيقة DOCTYPE", "احذف DOCTYPE؛ لا حاجة إليه في CAP"),
    ),
    error(
        "cap.entity.unknown",
        "XML 1.0, 4.1",
        ("a reference to an entity XML does not know by itself", "write the character itself"),
        ("إحالة إلى كيان لا يعرفه XML", "اكتب الحرف نفسه"),
    ),
    error(
        "cap.root",
        "CAP 1.2, 3.2.1 alert",
        (
            "the root is not alert of CAP 1.2 or 1.1",
            "begin with alert in the namespace urn:oasis:names:tc:emergency:cap:1.2",
        ),
        (
            "العنصر الجذر ليس alert من CAP 1.2 أو 1.1",
            "ابدأ بعنصر alert في النطاق urn:oasis:names:tc:emergency:cap:1.2",
        ),
    ),
    error(
        "cap.element.unknown",
        SCHEMA,
        ("an element CAP does not have there", "take it out; additions belong in parameter"),
        ("عنصر ليس له مكان هنا في CAP", "احذفه؛ الإضافات مكانها parameter"),
    ),
    error(
        "cap.element.missing",
        SCHEMA,
        ("an element the standard demands is not there", "add it at its place in the order"),
        ("ينقص عنصر يوجبه المعيار", "أضفه في مكانه من الترتيب"),
    ),
    error(
        "cap.element.repeated",
        SCHEMA,
        ("an element stands twice where one is allowed", "keep one"),
        ("تكرر عنصر لا يجوز تكراره", "أبق واحدا"),
    ),
    error(
        "cap.element.order",
        SCHEMA,
        ("an element stands out of its order", "move it to its place in the order"),
        ("عنصر في غير ترتيبه", "انقله إلى مكانه من الترتيب"),
    ),
    error(
        "cap.element.child",
        SCHEMA,
        ("an element stands where only text may stand", "write text alone"),
        ("عنصر داخل ما لا يحوي إلا نصا", "اكتب نصا فقط"),
    ),
    error(
        "cap.attribute.unknown",
        SCHEMA,
        ("an attribute; CAP has none", "take the attribute out"),
        ("سمة على عنصر، وليس في CAP سمات", "احذف السمة"),
    ),
    error(
        "cap.text.stray",
        SCHEMA,
        ("text between elements", "take it out, or put it into an element"),
        ("نص بين العناصر", "احذفه أو ضعه داخل عنصر"),
    ),
    error(
        "cap.value.word",
        SCHEMA,
        ("a value outside its list of words", "write one of the words, without white space"),
        ("قيمة خارج قائمة الكلمات", "اكتب إحدى الكلمات بلا فراغ حولها"),
    ),
    error(
        "cap.value.time",
        "CAP 1.2, 3.3.2 DateTime",
        ("not a time in CAP's form", "write it as 2026-11-22T06:30:00+04:00"),
        ("وقت ليس على صورة CAP", "اكتبه هكذا: 2026-11-22T06:30:00+04:00"),
    ),
    error(
        "cap.value.language",
        "CAP 1.2, 3.2.2 language",
        ("not a language code", "write a code such as ar-OM"),
        ("ليس رمز لغة", "اكتب رمزا مثل ar-OM"),
    ),
    error(
        "cap.value.number",
        SCHEMA,
        ("not a number", "write digits alone"),
        ("ليس عددا", "اكتب أرقاما فقط"),
    ),
    error(
        "cap.value.uri",
        SCHEMA,
        ("not an address", "write an address such as https://example.om/now"),
        ("ليس عنوانا", "اكتب عنوانا مثل https://example.om/now"),
    ),
    warning(
        "cap.value.feet",
        "CAP 1.2, 3.2.4 altitude",
        ("an altitude or ceiling of CAP 1.1 that is not a number", "write feet as a number"),
        ("ارتفاع في CAP 1.1 ليس عددا", "اكتب الأقدام عددا"),
    ),
    warning(
        "cap.value.size",
        "CAP 1.2, 3.2.3 size",
        ("a size that no file has", "write the size of the file in octets, or leave it out"),
        ("حجم لا يكون لملف", "اكتب حجم الملف بالبايت أو احذفه"),
    ),
    error(
        "cap.references.form",
        "CAP 1.2, 3.2.1 references",
        (
            "references that are not sender,identifier,sent",
            "write each as sender,identifier,sent with a space between two",
        ),
        ("الإحالات ليست sender,identifier,sent", "اكتب كل إحالة sender,identifier,sent وبين كل اثنتين فراغ"),
    ),
    error(
        "cap.polygon.form",
        "CAP 1.2, 3.2.4 polygon",
        ("a polygon that is not points", "write lat,lon pairs with a space between two"),
        ("المضلع ليس نقاطا", "اكتب أزواج خط العرض,خط الطول وبين كل زوجين فراغ"),
    ),
    error(
        "cap.circle.form",
        "CAP 1.2, 3.2.4 circle",
        ("a circle that is not a point and a radius", "write lat,lon and, after a space, kilometres"),
        ("الدائرة ليست نقطة ونصف قطر", "اكتب خط العرض,خط الطول ثم فراغا ثم الكيلومترات"),
    ),
    warning(
        "cap.time.plus_zero",
        "CAP 1.2, 3.3.2 DateTime",
        ("UTC written +00:00", "write -00:00"),
        ("كُتب التوقيت العالمي +00:00", "اكتب -00:00"),
    ),
    warning(
        "cap.references.empty",
        "CAP 1.2, 3.2.1 references",
        ("references without a reference", "name the earlier message, or take the element out"),
        ("عنصر الإحالات فارغ", "سم الرسالة السابقة أو احذف العنصر"),
    ),
    warning(
        "cap.list.quote",
        "CAP 1.2, 3.2.1 addresses",
        ("an unpaired double quote in a list", "close the quote"),
        ("علامة اقتباس لم تُغلق في قائمة", "أغلق علامة الاقتباس"),
    ),
    error(
        "cap.faults.more",
        BOUND,
        ("more errors than are listed", "mend the ones listed and check again"),
        ("الأخطاء أكثر مما يُسرد", "أصلح المذكور ثم افحص مرة أخرى"),
    ),
    warning(
        "cap.warnings.more",
        BOUND,
        ("more warnings than are listed", "mend the ones listed and check again"),
        ("الملاحظات أكثر مما يُسرد", "أصلح المذكور ثم افحص مرة أخرى"),
    ),
];
