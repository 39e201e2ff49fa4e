#!/usr/bin/env python3
"""Holds our verdict on CAP files against OASIS's schemas, as xmllint judges by them.

    cap_against_schema.py --schemas DIR [--checker "CMD ..."] [--mutate N] [--seed S] FILE...

DIR holds CAP-v1.2.xsd and CAP-v1.1.xsd as OASIS publishes them; they are not part of this project. CMD gets the files as
further arguments and prints one JSON object a line with `file`, `valid` and `faults`; it is
`target/debug/nadhir alert check --profile cap --json` unless told. --mutate makes N damaged copies of each file and
compares those as well. Exit code 1 if any disagreement is not one of those listed here as meant.

Meant differences
- Stricter: we judge by the standard's text as well, so an error whose code is in BEYOND may refuse what the schema takes.
- Stricter: limits, DOCTYPE and encodings other than UTF-8 are refused before the schema is asked (REFUSED).
- Laxer: an XML Signature at the end of a CAP 1.1 alert is tolerated; its schema has no place for one.
- Laxer: white space around a time of CAP 1.1, which XML Schema collapses (part 2, 3.2.7); libxml2 refuses it there.
"""
import argparse, collections, json, os, random, re, shlex, subprocess, sys, tempfile

BEYOND = {
    "cap.identifier.empty", "cap.identifier.characters", "cap.sender.empty", "cap.sender.characters",
    "cap.restriction.missing", "cap.addresses.missing", "cap.references.missing", "cap.references.form",
    "cap.references.self", "cap.polygon.form", "cap.polygon.points", "cap.polygon.open", "cap.point.range",
    "cap.circle.form", "cap.circle.radius", "cap.ceiling.alone", "cap.list.item",
}
REFUSED = {"cap.encoding", "cap.doctype", "cap.limit.octets", "cap.limit.points", "cap.limit.depth",
           "cap.limit.attributes", "cap.limit.infos", "cap.limit.areas", "cap.limit.polygons"}


def schema_of(path):
    with open(path, "rb") as f:
        return "CAP-v1.1.xsd" if b"urn:oasis:names:tc:emergency:cap:1.1" in f.read(65536) else "CAP-v1.2.xsd"


def by_schema(files, schemas):
    """What xmllint says: file -> (valid, first complaint)."""
    verdicts = {}
    groups = collections.defaultdict(list)
    for path in files:
        groups[schema_of(path)].append(path)
    for schema, paths in groups.items():
        for at in range(0, len(paths), 200):
            some = paths[at:at + 200]
            run = subprocess.run(["xmllint", "--noout", "--nonet", "--schema", os.path.join(schemas, schema), *some],
                                 capture_output=True)
            said = run.stderr.decode("utf-8", "replace").splitlines()
            valid = {line[:-len(" validates")] for line in said if line.endswith(" validates")}
            why = {}
            for line in said:
                found = re.match(r"(.*?):\d+: (.*)", line)
                if found:
                    why.setdefault(found.group(1), found.group(2))
            verdicts.update({path: (path in valid, why.get(path, "")) for path in some})
    return verdicts


def by_us(files, checker):
    """What we say: file -> (valid, error codes)."""
    verdicts = {}
    for at in range(0, len(files), 500):
        run = subprocess.run([*checker, *files[at:at + 500]], capture_output=True)
        for line in run.stdout.splitlines():
            said = json.loads(line)
            codes = sorted({f["code"] for f in said["faults"] if f["level"] == "error"})
            verdicts[said["file"]] = (said["valid"], codes)
    return verdicts


def damaged(text, rng):
    """One or two random changes that a careless author or program makes."""
    for _ in range(rng.choice((1, 1, 2))):
        tags = list(re.finditer(rb"<(/?)([A-Za-z:]+)>", text))
        leaves = list(re.finditer(rb"<([A-Za-z:]+)>([^<]*)</\1>", text))
        if not tags or not leaves:
            return text
        leaf, other = rng.choice(leaves), rng.choice(leaves)
        kind = rng.randrange(11)
        if kind == 0:
            text = text[:leaf.start()] + text[leaf.end():]
        elif kind == 1:
            text = text[:leaf.end()] + leaf.group() + text[leaf.end():]
        elif kind == 2:
            first, second = sorted((leaf, other), key=lambda m: m.start())
            if first.end() <= second.start():
                text = (text[:first.start()] + second.group() + text[first.end():second.start()] + first.group()
                        + text[second.end():])
        elif kind == 3:
            values = (b"", b" ", b"Met", b"Extreme", b"\n" + leaf.group(2), leaf.group(2) + b" ", b"2026-11-22T06:30:00Z",
                      b"2026-11-22T24:00:00+04:00", b"2026-11-22T06:30:00-00:00", b"2026-02-29T06:30:00+04:00",
                      b"2026-11-22T06:30:00,04:00", b"2026-11-22T06:30:60+04:00", b"2026-11-22T06:30:00+14:01",
                      b"-12.50", b"1e3", b"+7", b".", b"5.", b".5", b"1,5", b"en", b"ar_OM", b"en-", b"a1-b",
                      b"abcdefghi", b"x-klingon-2", "عربي".encode(), b"<x/>", b"&lt;", b"&nope;", b"&#65;",
                      b"<![CDATA[Met]]>", b"<!-- c -->", leaf.group(2)[:3] + b"<!-- c -->" + leaf.group(2)[3:])
            text = text[:leaf.start(2)] + rng.choice(values) + text[leaf.end(2):]
        elif kind == 4:
            at = rng.choice(tags).end()
            text = text[:at] + rng.choice((b"stray", b" ", b"<!-- c -->", b"<?p i?>", b"&amp;", b"<![CDATA[ ]]>", b"<z/>",
                                           b"<y xmlns='urn:y'/>", b"<note>n</note>")) + text[at:]
        elif kind == 5:
            tag = rng.choice(tags)
            text = text[:tag.end() - 1] + rng.choice((b" a='1'", b" xmlns:q='urn:q'", b" ", b" xml:lang='en'", b" a=1")) + text[tag.end() - 1:]
        elif kind == 6:
            tag = rng.choice(tags)
            text = text[:tag.start()] + text[tag.end():]
        elif kind == 7:
            tag = rng.choice(tags)
            text = text[:tag.start(2)] + tag.group(2).swapcase() + text[tag.end(2):]
        elif kind == 8:
            at = rng.randrange(len(text))
            text = text[:at] + rng.choice((b"<", b">", b"&", b"\x00", b"\x01", b"\xff", b"\"", b"]]>", b"\r")) + text[at:]
        elif kind == 9:
            text = text[:rng.randrange(len(text))]
        else:
            name = leaf.group(1)
            text = text[:leaf.start()] + b"<" + name + b"/>" + text[leaf.end():]
    return text


def main():
    options = argparse.ArgumentParser(description="Our verdict on CAP files against the schemas'.")
    options.add_argument("--schemas", required=True)
    options.add_argument("--checker", default="target/debug/nadhir alert check --profile cap --json")
    options.add_argument("--mutate", type=int, default=0)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("files", nargs="+")
    chosen = options.parse_args()
    rng = random.Random(chosen.seed)
    with tempfile.TemporaryDirectory() as folder:
        files = list(chosen.files)
        for path in chosen.files:
            with open(path, "rb") as f:
                text = f.read()
            for n in range(chosen.mutate):
                copy = os.path.join(folder, f"{n}-{os.path.basename(path)}")
                with open(copy, "wb") as f:
                    f.write(damaged(text, rng))
                files.append(copy)
        theirs, ours = by_schema(files, chosen.schemas), by_us(files, shlex.split(chosen.checker))
        agree, meant, bad = 0, collections.Counter(), []
        for path in files:
            (valid, why), (taken, codes) = theirs[path], ours[path]
            if valid == taken:
                agree += 1
            elif valid and set(codes) <= BEYOND | REFUSED:
                meant.update(codes)
            elif taken and schema_of(path) == "CAP-v1.1.xsd" and re.search(r"'(\s.*|.*\s)' is not .*xs:dateTime", why):
                meant["padded time of CAP 1.1"] += 1
            elif taken and schema_of(path) == "CAP-v1.1.xsd" and "Signature" in why:
                meant["signature of CAP 1.1"] += 1
            else:
                bad.append((path, valid, why, codes))
                with open(path, "rb") as f:
                    text = f.read()
                if chosen.mutate and path.startswith(folder):
                    kept = os.path.join(tempfile.gettempdir(), "disagree-" + os.path.basename(path))
                    with open(kept, "wb") as f:
                        f.write(text)
        print(f"{len(files)} files: {agree} agree, {len(files) - agree - len(bad)} differ as meant {dict(meant)}, {len(bad)} disagree")
        for path, valid, why, codes in bad:
            print(f"  {os.path.basename(path)}: schema {'valid' if valid else 'invalid: ' + why}; ours {codes or 'valid'}")
    sys.exit(1 if bad else 0)


main()
