#!/usr/bin/env python3
"""Holds `nadhir alert check --profile cap` against schemas of CAP, as xmllint judges by them.

    cap_against_schema.py DIR [--mutations N] [--seed S]     OASIS's schemas and published alerts, in DIR/cap
    cap_against_schema.py --own [--mutations N] [--seed S]   the project's own schema and samples

Files are judged as they are, then N damaged copies of them: an element dropped, doubled, moved or renamed, a namespace
changed, a word padded, text inserted, an attribute added, and the like. $NADHIR is the checker, target/debug/nadhir unless set.
Of published alerts the column `xsd` of the manifest must hold as well. Exit code 1 if any disagreement is not one of those
listed here, and in README.md, as meant.
"""
import argparse, collections, csv, glob, json, os, random, re, subprocess, sys, tempfile

# Stricter: rules of the standard's text which its schema does not hold.
BEYOND = {
    "cap.identifier.empty", "cap.identifier.characters", "cap.sender.empty", "cap.sender.characters",
    "cap.restriction.missing", "cap.addresses.missing", "cap.references.missing", "cap.references.form",
    "cap.references.self", "cap.polygon.form", "cap.polygon.points", "cap.polygon.open", "cap.point.range",
    "cap.circle.form", "cap.circle.radius", "cap.ceiling.alone", "cap.list.item",
}
# Stricter: refused before a schema is asked.
REFUSED = {"cap.encoding", "cap.doctype", "cap.limit.octets", "cap.limit.points", "cap.limit.depth",
           "cap.limit.attributes", "cap.limit.infos", "cap.limit.areas", "cap.limit.polygons", "cap.limit.shapes"}
HERE = os.path.dirname(os.path.abspath(__file__))
OWN = os.path.join(HERE, "..", "..", "cap-schemas")
CHECKER = os.environ.get("NADHIR", os.path.join(HERE, "..", "..", "target", "debug", "nadhir"))
BATCH = 2000  # damaged copies on the disk at once
A_CALL = 500  # files in one call of a program


def old(text):
    """Whether a document is CAP 1.1, by the namespace of its root."""
    bare = re.sub(rb"<\?.*?\?>|<!--.*?-->", b"", text, flags=re.S)  # an instruction may hold what looks like a tag
    root = re.search(rb"<(?:([\w.-]+):)?[\w.-]+[^<>]*>", bare)
    if not root:
        return False
    name = b"xmlns" + (b":" + root.group(1) if root.group(1) else b"")
    return re.search(rb"\s" + name + rb"\s*=\s*[\"']urn:oasis:names:tc:emergency:cap:1\.1[\"']", root.group()) is not None


def stricter(text):
    """The codes by which we may refuse what the schema takes."""
    codes = BEYOND | REFUSED
    if old(text):
        codes = codes | {"cap.value.time"}  # its schema takes Z, fractions and no zone; its text (3.3.2) does not
    if b"http://www.w3.org/2001/XMLSchema-instance" in text:
        codes = codes | {"cap.attribute.unknown"}  # xsi:type and xsi:nil
    return codes


def by_schema(files, schema):
    """What xmllint says: file -> (valid, first complaint)."""
    verdicts = {}
    for at in range(0, len(files), A_CALL):
        some = files[at:at + A_CALL]
        run = subprocess.run(["xmllint", "--noout", "--nonet", "--schema", schema, *some], capture_output=True)
        said = run.stderr.decode("utf-8", "replace").splitlines()
        if any("WXS schema" in line or "failed to compile" in line for line in said):
            sys.exit(f"{schema} is no schema: {said}")
        valid = {line[:-len(" validates")] for line in said if line.endswith(" validates")}
        # xmllint goes on after a fault in namespaces and judges what is left. Which names a namespace may have is left open
        # (Namespaces in XML 1.0, 2.2), so that complaint does not count.
        valid -= {found.group(1) for line in said
                  if (found := re.match(r"(.*?):\d+: namespace error : ", line)) and "is not a valid URI" not in line}
        why, last = {}, None
        for line in said:
            found = re.match(r"(.*?):\d+: (.*)", line)
            if found:
                last = None if found.group(1) in why else found.group(1)
                why.setdefault(found.group(1), found.group(2))
            elif last:  # a complaint that quotes more than a line
                why[last] += "\n" + line
        verdicts.update({path: (path in valid, why.get(path, "")) for path in some})
    return verdicts


def by_us(files):
    """What we say: file -> the line of JSON."""
    verdicts = {}
    for at in range(0, len(files), A_CALL):
        some = files[at:at + A_CALL]
        run = subprocess.run([CHECKER, "alert", "check", "--profile", "cap", "--json", *some], capture_output=True)
        if run.returncode not in (0, 3):
            sys.exit(f"{CHECKER} ended with {run.returncode}: {run.stderr.decode()}")
        verdicts.update({line["file"]: line for line in map(json.loads, run.stdout.splitlines())})
    return verdicts


VALUES = (
    b"", b" ", b"Met", b"Extreme", b"2026-11-22T06:30:00Z", b"2026-11-22T24:00:00+04:00", b"2026-11-22T06:30:00-00:00",
    b"2026-02-29T06:30:00+04:00", b"2026-11-22T06:30:00,04:00", b"2026-11-22T06:30:60+04:00", b"2026-11-22T06:30:00+14:01",
    b"-12.50", b"-1", b"-0", b"99999999999999999999", b"1e3", b"+7", b".", b"5.", b".5", b"1,5", b"en", b"ar_OM", b"en-", b"a1-b", b"abcdefghi", b"x-klingon-2",
    "عربي".encode(), b"<x/>", b"&lt;", b"&nope;", b"&#65;", b"<![CDATA[Met]]>", b"<!-- c -->")
STRAY = (b"<?\xe2\x80\xa8 x?>", b"<?a:b c?>", b"<\xc3\x97/>", b"<q:r:s/>", b"<:q/>", b"&#32;", b"stray", b" ", b"<!-- c -->", b"<?p i?>", b"&amp;", b"<![CDATA[ ]]>", b"<z/>", b"<y xmlns='urn:y'/>", b"<note>n</note>")
ADDRESSES = (b"https://:", b"//::1", b"https://[::1]:80/", b"http://a]/", b"x?[", b"a#b#c", b"%zz", b"1a:b", b":a", b"mailto:a@b", b"../a b",
             b"//a:b@c:8/", b"//c:/", b"http://[::1", "https://مثال.عمان/ا".encode())
ATTRIBUTES = (b" a='1'", b" a='1'b='2'", b" xmlns:=''", b" xmlns:1='u'", b" xmlns:\xc3\x97='u'", b" :a='1'", b" xmlns:q='u'xmlns:r='v'",
              b" xsi:type='xs:string' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'", b" xmlns:q='urn:q'", b" xmlns:q=''", b" ", b" xml:lang='en'", b" a=1", b" q:a='1'", b" a='1' a='2'")
OCTETS = (b"<", b">", b"&", b"\x00", b"\x01", b"\xff", b"\"", b"]]>", b"\r")
NAMES = (b"note", b"info", b"event", b"web", b"value", b"Event", b"polygon", b"x", b"q:note")
SPACES = (b"urn:oasis:names:tc:emergency:cap:1.1", b"urn:oasis:names:tc:emergency:cap:1.2", b"urn:oasis:names:tc:emergency:cap:1.3",
          b"http://www.incident.com/cap/1.0", b"urn:oasis:names:tc:emergency:cap:1&#46;2", b"", b"urn:oasis:names:tc:emergency:cap:1.2 ")


def dropped(text, rng, leaf, other, tag):
    return text[:leaf.start()] + text[leaf.end():]


def doubled(text, rng, leaf, other, tag):
    return text[:leaf.end()] + leaf.group() + text[leaf.end():]


def moved(text, rng, leaf, other, tag):
    first, second = sorted((leaf, other), key=lambda m: m.start())
    if first.end() > second.start():
        return text
    return text[:first.start()] + second.group() + text[first.end():second.start()] + first.group() + text[second.end():]


def renamed(text, rng, leaf, other, tag):
    name = rng.choice(NAMES)
    return text[:leaf.start()] + b"<" + name + b">" + leaf.group(2) + b"</" + name + b">" + text[leaf.end():]


def elsewhere(text, rng, leaf, other, tag):
    """The namespace of the whole document, or of one element, changed."""
    declared = list(re.finditer(rb"(xmlns(?::\w+)?=)([\"'])[^\"']*\2", text))
    if declared and rng.random() < 0.5:
        at = rng.choice(declared)
        return text[:at.start()] + at.group(1) + b'"' + rng.choice(SPACES) + b'"' + text[at.end():]
    end = leaf.start() + 1 + len(leaf.group(1))
    return text[:end] + b' xmlns="' + rng.choice(SPACES) + b'"' + text[end:]


def padded(text, rng, leaf, other, tag):
    before, after = rng.choice(((b" ", b""), (b"", b" "), (b"\n", b"\n"), (b"\t", b"")))
    return text[:leaf.start(2)] + before + leaf.group(2) + after + text[leaf.end(2):]


def other_value(text, rng, leaf, other, tag):
    value = rng.choice((*VALUES, leaf.group(2)[:3] + b"<!-- c -->" + leaf.group(2)[3:]))
    return text[:leaf.start(2)] + value + text[leaf.end(2):]


def addressed(text, rng, leaf, other, tag):
    """Another address, where there is one."""
    places = list(re.finditer(rb"<(web|uri)>([^<]*)</", text))
    if not places:
        return text
    place = rng.choice(places)
    return text[:place.start(2)] + rng.choice(ADDRESSES) + text[place.end(2):]


def inserted(text, rng, leaf, other, tag):
    return text[:tag.end()] + rng.choice(STRAY) + text[tag.end():]


def attributed(text, rng, leaf, other, tag):
    return text[:tag.end() - 1] + rng.choice(ATTRIBUTES) + text[tag.end() - 1:]


def torn(text, rng, leaf, other, tag):
    return text[:tag.start()] + text[tag.end():]


def swapped(text, rng, leaf, other, tag):
    return text[:tag.start(2)] + tag.group(2).swapcase() + text[tag.end(2):]


def octet(text, rng, leaf, other, tag):
    at = rng.randrange(len(text))
    return text[:at] + rng.choice(OCTETS) + text[at:]


def cut(text, rng, leaf, other, tag):
    return text[:rng.randrange(len(text))]


def emptied(text, rng, leaf, other, tag):
    return text[:leaf.start()] + b"<" + leaf.group(1) + b"/>" + text[leaf.end():]


KINDS = (dropped, doubled, moved, renamed, elsewhere, padded, other_value, other_value, addressed, inserted, attributed, torn, swapped,
         octet, cut, emptied)


def damaged(text, rng):
    """One or two changes that a careless author or program makes, and what they were."""
    done = []
    for _ in range(rng.choice((1, 1, 2))):
        tags = list(re.finditer(rb"<(/?)([A-Za-z:]+)>", text))
        leaves = list(re.finditer(rb"<([A-Za-z:]+)>([^<]*)</\1>", text))
        if tags and leaves:
            kind = rng.choice(KINDS)
            text = kind(text, rng, rng.choice(leaves), rng.choice(leaves), rng.choice(tags))
            done.append(kind.__name__)
    return text, done


class Comparison:
    """Counts agreement, and keeps what disagrees."""

    def __init__(self, schemas, own):
        self.schemas, self.own = schemas, own
        self.files, self.agree, self.unjudged, self.meant, self.bad = 0, 0, 0, collections.Counter(), []

    def files_of(self, files, texts, what):
        ours, judged = by_us(files), {}
        for version, schema in self.schemas.items():
            judged.update(by_schema([f for f in files if version == ("1.1" if old(texts[f]) else "1.2")], schema))
        for path in files:
            self.files += 1
            if path not in judged:  # the project has no schema of CAP 1.1 of its own
                self.unjudged += 1
                continue
            (valid, why), line = judged[path], ours[path]
            codes = sorted({f["code"] for f in line["faults"] if f["level"] == "error"})
            if valid == line["valid"]:
                self.agree += 1
            elif valid and codes and set(codes) <= stricter(texts[path]):
                self.meant.update(codes)
            elif line["valid"] and re.search(r"'[+-]?[\d.]{25,}' is not .*xs:decimal", why):
                self.meant["decimal of more than 24 digits"] += 1
            elif line["valid"] and any(f["code"] == "cap.signature.object" for f in line["faults"]):
                self.meant["alert in a signature's Object"] += 1
            elif line["valid"] and old(texts[path]) and re.search(r"'(\s.*|.*\s)' is not .*xs:dateTime", why, re.S):
                self.meant["padded time of CAP 1.1"] += 1
            elif line["valid"] and old(texts[path]) and "Signature" in why:
                self.meant["signature of CAP 1.1"] += 1
            else:
                kept = os.path.join(tempfile.gettempdir(), "disagree-" + os.path.basename(path))
                with open(kept, "wb") as f:
                    f.write(texts[path])
                self.bad.append(f"{kept} {what.get(path, '')}: schema {'valid' if valid else 'invalid: ' + why}; ours {codes or 'valid'}")
        return ours

    def told(self):
        print(f"{self.files} files: {self.agree} agree, {self.files - self.agree - self.unjudged - len(self.bad)} differ as meant "
              f"{dict(self.meant.most_common())}, {self.unjudged} without a schema, {len(self.bad)} disagree")
        for line in self.bad[:40]:
            print("  " + line)


def against_manifest(manifest, ours, folder):
    """The column `xsd` of the manifest against our verdicts."""
    wrong = []
    with open(manifest, encoding="utf-8") as f:
        rows = list(csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE))
    for row in rows:
        line = ours.get(os.path.join(folder, row["file"]))
        if line is None:
            wrong.append(f"{row['file']}: listed and not there")
            continue
        codes = {f["code"] for f in line["faults"] if f["level"] == "error"}
        fits = {"valid": line["valid"] or bool(codes) and codes <= BEYOND | REFUSED,
                "INVALID": not line["valid"], "not-wf": not line["readable"], "n/a (container)": not line["valid"]}
        if not fits[row["xsd"]]:
            wrong.append(f"{row['file']}: the manifest says {row['xsd']}, we say {'valid' if line['valid'] else sorted(codes)}")
    print(f"manifest: {len(rows)} files, {len(wrong)} disagree")
    for line in wrong:
        print("  " + line)
    return wrong


def main():
    options = argparse.ArgumentParser(description="Our verdict on CAP files against the schemas'.")
    options.add_argument("dir", nargs="?")
    options.add_argument("--own", action="store_true")
    options.add_argument("--mutations", type=int, default=50_000)
    options.add_argument("--seed", type=int, default=20261122)
    chosen = options.parse_args()
    if chosen.own == bool(chosen.dir):
        options.error("a folder of reference data, or --own")
    if chosen.own:
        schemas = {"1.2": os.path.join(OWN, "cap-1.2.xsd")}
        files = sorted(glob.glob(os.path.join(OWN, "samples", "*", "*.xml")))
    else:
        xsd, folder = (os.path.join(chosen.dir, "cap", part) for part in ("xsd", "samples"))
        schemas = {version: os.path.join(xsd, f"CAP-v{version}.xsd") for version in ("1.1", "1.2")}
        files = sorted(os.path.join(folder, name) for name in os.listdir(folder))
    texts = {}
    for path in files:
        with open(path, "rb") as f:
            texts[path] = f.read()
    comparison = Comparison(schemas, chosen.own)
    wrong = []
    ours = comparison.files_of(files, texts, {})
    if not chosen.own:
        wrong = against_manifest(os.path.join(chosen.dir, "cap", "manifest.tsv"), ours, folder)
    rng, kinds, left = random.Random(chosen.seed), collections.Counter(), chosen.mutations
    # Copies of very long files say little more and cost much.
    models = [text for text in texts.values() if len(text) <= 64_000 and b"alert" in text]
    while left > 0:
        with tempfile.TemporaryDirectory() as folder:
            copies, what = {}, {}
            for n in range(min(left, BATCH)):
                path = os.path.join(folder, f"{left - n}.xml")
                copies[path], done = damaged(rng.choice(models), rng)
                what[path] = "+".join(done)
                kinds.update(done)
                with open(path, "wb") as f:
                    f.write(copies[path])
            comparison.files_of(list(copies), copies, what)
        left -= BATCH
    print("damage:", ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items())))
    comparison.told()
    sys.exit(1 if comparison.bad or wrong else 0)


if __name__ == "__main__":
    main()
