"""Reads and writes gettext catalogues (.po, .mo) with the standard library, always the same bytes
for the same messages."""

import ast
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

Key = tuple[str | None, str]

HEADER = """Project-Id-Version: Candide
Language: fr
MIME-Version: 1.0
Content-Type: text/plain; charset=UTF-8
Content-Transfer-Encoding: 8bit
Plural-Forms: nplurals=2; plural=(n > 1);
"""

_KEYWORD = re.compile(r"(msgctxt|msgid_plural|msgid|msgstr)(?:\[(\d)\])? (\".*\")$")
_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[a-z]|\{\w*\}")


@dataclass
class Message:
    """One entry of a catalogue. `texts` has one translation, or one per plural form."""

    text: str
    context: str | None = None
    plural: str | None = None
    texts: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)

    @property
    def key(self) -> Key:
        return self.context, self.text

    @property
    def is_translated(self) -> bool:
        wanted = 1 if self.plural is None else 2
        return len(self.texts) == wanted and all(self.texts) and "fuzzy" not in self.flags

    def placeholders_differ(self) -> bool:
        """Whether a translation names a variable the message has not, or forgets one. The singular
        may leave its number out."""
        wanted = set(_PLACEHOLDER.findall(self.plural or self.text))
        *singular, last = self.texts
        if set(_PLACEHOLDER.findall(last)) != wanted:
            return True
        return any(set(_PLACEHOLDER.findall(text)) - wanted for text in singular)


def read_po(path: Path) -> dict[Key, Message]:
    """The messages of a .po or .pot file, without its header and what is obsolete."""
    messages = {}
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        message = _read_block(block)
        if message is not None and message.text:
            messages[message.key] = message
    return messages


def _read_block(block: str) -> Message | None:
    parts: dict[str, str] = {}
    comments: list[str] = []
    flags: set[str] = set()
    current = ""
    for line in block.splitlines():
        if line.startswith("#~"):
            continue
        if line.startswith("#,"):
            flags.update(flag.strip() for flag in line[2:].split(","))
        elif line.startswith("#."):
            comments.append(line[2:].strip())
        elif found := _KEYWORD.match(line):
            keyword, number, text = found.groups()
            current = f"{keyword}{number or ''}"
            parts[current] = ast.literal_eval(text)
        elif line.startswith('"'):
            parts[current] += ast.literal_eval(line)
    if "msgid" not in parts:
        return None
    texts = [parts[name] for name in sorted(parts) if name.startswith("msgstr")]
    return Message(
        text=parts["msgid"],
        context=parts.get("msgctxt"),
        plural=parts.get("msgid_plural"),
        texts=texts,
        comments=comments,
        flags=flags,
    )


def write_po(path: Path, messages: dict[Key, Message]) -> None:
    blocks = [f'msgid ""\nmsgstr ""\n{_lines(HEADER)}']
    blocks += ["\n".join(_write_block(message)) for message in messages.values()]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")


def _write_block(message: Message) -> Iterator[str]:
    for comment in message.comments:
        yield f"#. {comment}"
    if message.flags:
        yield f"#, {', '.join(sorted(message.flags))}"
    if message.context is not None:
        yield f"msgctxt {_quoted(message.context)}"
    yield f"msgid {_quoted(message.text)}"
    if message.plural is None:
        yield f"msgstr {_quoted(message.texts[0] if message.texts else '')}"
        return
    yield f"msgid_plural {_quoted(message.plural)}"
    for number in range(2):
        text = message.texts[number] if number < len(message.texts) else ""
        yield f"msgstr[{number}] {_quoted(text)}"


def _quoted(text: str) -> str:
    if "\n" in text.rstrip("\n"):
        return '""\n' + _lines(text)
    return f'"{_escaped(text)}"'


def _lines(text: str) -> str:
    return "\n".join(f'"{_escaped(line)}"' for line in text.splitlines(keepends=True))


def _escaped(text: str) -> str:
    escapes = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    return "".join(escapes.get(character, character) for character in text)


def merged(
    found: dict[Key, Message], old: dict[Key, Message], others: dict[Key, Message]
) -> dict[Key, Message]:
    """`found` with the translations of `old`, else of `others`."""
    result = {}
    for key, message in found.items():
        known = old.get(key) or others.get(key)
        same_form = known is not None and (known.plural is None) == (message.plural is None)
        texts = known.texts if known is not None and same_form else []
        flags = (message.flags - {"fuzzy"}) | ((known.flags & {"fuzzy"}) if known else set())
        result[key] = replace(message, texts=texts, flags=flags)
    return result


def compiled(messages: dict[Key, Message]) -> bytes:
    """The .mo file of what is translated."""
    entries = {"": HEADER}
    for message in messages.values():
        if message.is_translated:
            entries[_mo_key(message)] = "\0".join(message.texts)
    pairs = sorted((key.encode(), text.encode()) for key, text in entries.items())
    keys = b"".join(key + b"\0" for key, _ in pairs)
    texts = b"".join(text + b"\0" for _, text in pairs)
    start = 7 * 4 + 16 * len(pairs)
    tables = [*_table([key for key, _ in pairs], start)]
    tables += _table([text for _, text in pairs], start + len(keys))
    head = (0x950412DE, 0, len(pairs), 7 * 4, 7 * 4 + 8 * len(pairs), 0, 0)
    return struct.pack(f"<{7 + len(tables)}I", *head, *tables) + keys + texts


def _mo_key(message: Message) -> str:
    key = message.text if message.context is None else f"{message.context}\x04{message.text}"
    return key if message.plural is None else f"{key}\0{message.plural}"


def _table(items: list[bytes], start: int) -> Iterator[int]:
    for item in items:
        yield len(item)
        yield start
        start += len(item) + 1
