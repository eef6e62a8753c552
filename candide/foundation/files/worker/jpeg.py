"""A JPEG without what it tells beside the picture, its pixels untouched."""

_END = 0xD9
_SCAN = 0xDA
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_JFIF, _PROFILE, _ADOBE, _COMMENT = 0xE0, 0xE2, 0xEE, 0xFE


def without_metadata(content: bytes) -> bytes:
    """Leave out EXIF, XMP, comments, thumbnails and whatever follows the end (the film of a moving
    photo). JFIF, colour profile and Adobe's colour mark stay: they say how to show the pixels."""
    kept = [content[:2]]
    at = 2
    while at + 4 <= len(content):
        if content[at] != 0xFF:
            raise ValueError("not a JPEG segment")
        marker = content[at + 1]
        if marker == 0xFF:  # padding
            at += 1
        elif marker == _END:
            break
        elif marker in _ALONE:
            kept.append(content[at : at + 2])
            at += 2
        else:
            length = int.from_bytes(content[at + 2 : at + 4], "big")
            end = at + 2 + length
            if marker == _SCAN:
                end = _end_of_scan(content, end)
            if _is_kept(marker, content[at + 4 : at + 16]):
                kept.append(content[at:end])
            at = end
    kept.append(bytes((0xFF, _END)))
    return b"".join(kept)


def _is_kept(marker: int, start: bytes) -> bool:
    if marker == _PROFILE:
        return start.startswith(b"ICC_PROFILE")
    if marker == _JFIF:
        return start.startswith(b"JFIF")
    return marker == _ADOBE or not (0xE0 <= marker <= 0xEF or marker == _COMMENT)


def _end_of_scan(content: bytes, at: int) -> int:
    """Where the compressed pixels that begin at `at` end: at the next marker that is neither a
    stuffed zero nor a restart."""
    while (at := content.find(b"\xff", at)) >= 0 and at + 1 < len(content):
        following = content[at + 1]
        if following != 0x00 and following not in _ALONE and following != 0xFF:
            return at
        at += 1 if following == 0xFF else 2
    return len(content)
