#!/usr/bin/env python3
"""Holds `nadhir message encode` against a second encoder, written here from TS 23.038 and TS 23.041 on Unicode's own NFC.

    pages_second_encoder.py [DIR]        (DIR is not needed; NADHIR names the binary, target/debug/nadhir unless told)

Random texts of every language of the house, with marks in any order, composed and decomposed letters, no-break spaces,
quotes and line ends, up to and over fifteen pages; and every character of the basic multilingual plane with marks behind it.
Exit code 1 if any octet, length, scheme, unit or refusal differs.
"""
import json, os, random, subprocess, sys, unicodedata

DEFAULT = ("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
           "¿abcdefghijklmnopqrstuvwxyzäöñüà")
EXTENSION = {"^": 0x14, "{": 0x28, "}": 0x29, "\\": 0x2F, "[": 0x3C, "~": 0x3D, "]": 0x3E, "|": 0x40, "€": 0x65}
CODE = {c: [i] for i, c in enumerate(DEFAULT) if c not in "\x1b\r"} | {c: [0x1B, x] for c, x in EXTENSION.items()}
SPACES = [0xA0, 0x202F, 0x205F, 0x09, *range(0x2000, 0x200B)]
QUOTES = {**dict.fromkeys("‘’‚‛", "'"), **dict.fromkeys("“”„‟", '"')}
PLAIN = {**dict.fromkeys("‐‑‒–—−", "-"), "…": "..."}
LETTERS = {
    "ar": "ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءآأؤإئًٌٍَُِّْٰٕٓٔـ،؛؟:.", "en": "abcdefghijklmnopqrstuvwxyzABC,;!?()-&%+=<>_'\"^{}[]~|€",
    "hi": "अआइईउकखगघचजझटठडढणतथदधनपफबभमयरलवशषसहािीुूेैोौं्।\u093c\u0929\u0931\u0934\u0958\u095b\u095c\u200d",
    "ur": "ابپتٹثجچحخدڈذرڑزژسشصضطظعغفقکگلمنںوہھءیےآۂۓ\u06c1\u06d2\u0654\u0653\u200c۔،", "sw": "abcdefghijklmnoprstuvwyz'-.,",
    "bn": "অআইঈউকখগঘচছজঝটঠডঢণতথদধনপফবভমযরলশষসহািীুূেৈোৌং্।\u09bc\u09d7\u09dc\u09dd\u09df",
    "ml": "അആഇഈഉകഖഗഘചഛജടഡണതഥദധനപഫബഭമയരലവശഷസഹളഴറാിീുൂെേൈൊോൌം്ൻർൽൾ\u0d57\u200d", "fa": "ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیءآئ،؛\u200c",
    "tl": "abcdefghijklmnñopqrstuvwxyz\u0303\u0301.,:!?-", "el": "ΔΦΓΛΩαβγδέ\u0301\u0308ΐ\u1fbd\u1ffd\u2126\u212b\u037e",
}
TYPOGRAPHY = "  \n\r\t\u00a0\u202f\u2007‘’“”–…"


def clean(text):
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(" " if ord(c) in SPACES else QUOTES.get(c, c) for c in text)
    text = unicodedata.normalize("NFC", text)
    return "\n".join(line.rstrip(" ") for line in text.split("\n")).rstrip("\n ")


def encode(text, language):
    text = clean(text)
    if not text:
        return None
    if not all(c in CODE for c in text):
        plain = "".join(PLAIN.get(c, c) for c in text)
        text = plain if all(c in CODE for c in plain) else text
    pages = []
    if all(c in CODE for c in text):
        septets = []
        units = sum(len(CODE[c]) for c in text)
        for c in text:
            if len(septets) + len(CODE[c]) > 93:
                pages.append(septets)
                septets = []
            septets = septets + CODE[c]
        pages.append(septets)
        done = []
        for p in pages:
            number = sum(s << (7 * i) for i, s in enumerate(p + [0x0D] * (93 - len(p))))
            done.append((number.to_bytes(82, "little").hex(), -(-len(p) * 7 // 8)))
        return 0x01 if language == "en" else 0x0F, units, done
    octets = text.encode("utf-16-be")
    for i in range(0, len(octets), 82):
        part = octets[i:i + 82]
        pages.append(((part + b"\0\r" * 41)[:82].hex(), len(part)))
    return 0x48, len(octets) // 2, pages


def texts(dice, count):
    languages = sorted(LETTERS)
    for i in range(count):
        language = languages[i % len(languages)]
        length = dice.randint(1, 1500 if i % 25 == 0 else 90)
        yield language, "".join(dice.choice(TYPOGRAPHY if dice.random() < .12 else LETTERS[language]) for _ in range(length))
    marks = "\u0301\u0327\u0323\u0654\u0653\u0651\u064e\u093c\u09be\u09d7\u0d3e\u0d57\u0338\u0345\u3099"
    for c in range(0x21, 0x10000):
        # Refused, or left as written: controls, surrogates, private use, forms, Hangul, CJK compatibility, no characters yet.
        name = unicodedata.category(chr(c))
        if name in ("Cc", "Cs", "Co", "Cn", "Zl", "Zp") or 0xF900 <= c <= 0xFAFF or 0xFB50 <= c <= 0xFDFF \
                or 0xFE70 <= c <= 0xFEFF or 0x1100 <= c <= 0x11FF or 0xAC00 <= c <= 0xD7A3 or chr(c) in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u1680\u3000":
            continue
        yield "xx", f"a{chr(c)}" + "".join(dice.choice(marks) for _ in range(c % 4)) + f"{chr(c)}b"


def main():
    program = os.environ.get("NADHIR", "target/debug/nadhir")
    dice = random.Random(20261122)
    asked = [{"id": i, "language": l, "text": t, "identifier": 4371, "serial": 16400}
             for i, (l, t) in enumerate(texts(dice, 6000))]
    out = subprocess.run([program, "message", "encode", "--jsonl"], input="\n".join(map(json.dumps, asked)),
                         capture_output=True, text=True)
    answers = {a["id"]: a for a in map(json.loads, out.stdout.splitlines())}
    wrong, compared, tappable, long = [], 0, 0, 0
    for ask in asked:
        want, got = encode(ask["text"], ask["language"]), answers[ask["id"]]
        codes = {f["code"] for f in got.get("faults", [])}
        if codes & {"cbs.text.link", "cbs.text.telephone"}:
            tappable += 1
            continue
        compared += 1
        if want is None or len(want[2]) > 15:
            long += want is not None
            if codes != {"cbs.text.empty" if want is None else "cbs.pages.too_long"}:
                wrong.append((ask, codes, want))
        elif (got.get("dcs"), got.get("units"), list(zip(got.get("pages", []), got.get("lengths", [])))) != want:
            wrong.append((ask, got.get("pages", codes), want))
    print(f"{compared} texts compared, {long} of them too long, {tappable} set aside as links or numbers, {len(wrong)} disagree")
    for ask, got, want in wrong[:5]:
        print("  WRONG", ascii(ask["text"][:120]), got, want)
    sys.exit(1 if wrong or compared < 10_000 else 0)


main()
