"""Whole calls as an Asterisk tells them: the fixtures' captures, again and again with other numbers, ids and times."""
import heapq
import pathlib
import random
import re

FIXTURES = pathlib.Path(__file__).resolve().parents[2] / "fixtures" / "asterisk"
# A queue whose second member answers; a caller who gives up while a phone rings.
SHAPES = ("10-queue-second-member", "02-inbound-missed")
EVERY_S = 0.5  # a call begins: some twenty go on at once
TOKEN = re.compile(rb"(?P<second>\b17954\d{5})\.(?:(?P<micro>\d{6})|(?P<id>\d{1,3}))\b"
                   rb"|(?P<channel>(?<=-)0000[0-9a-f]{4}\b)|(?P<caller>\b121255501\d\d\b)"
                   rb"|(?P<bridge>\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b)")


class Shape:
    """A capture between the first channel and the goodbye, taken apart at what differs from call to call."""

    def __init__(self, name):
        raw = (FIXTURES / name / "ami.raw").read_bytes()
        messages = raw[raw.index(b"Event: Newchannel"):raw.index(b"Response: Goodbye")].split(b"\r\n\r\n")
        # The same again by another way, with its time in words.
        self.messages = [m + b"\r\n\r\n" for m in messages if m and not m.startswith(b"Event: Cdr")]
        first = TOKEN.search(self.messages[0])
        self.begun = int(first["second"])
        self.pieces = [self.taken_apart(m) for m in self.messages]

    @staticmethod
    def taken_apart(message):
        pieces, at = [], 0
        for found in TOKEN.finditer(message):
            pieces += [message[at:found.start()], (found.lastgroup, found.groupdict())]
            at = found.end()
        return pieces + [message[at:]]

    def told(self, begins, number, caller):
        """(second, bytes) of each message."""
        second = self.begun
        for pieces in self.pieces:
            text = bytearray()
            for piece in pieces:
                if isinstance(piece, bytes):
                    text += piece
                    continue
                kind, part = piece
                if kind == "micro":
                    second = int(part["second"]) + int(part["micro"]) / 1e6
                    text += b"%d.%s" % (int(part["second"]) - self.begun + begins, part["micro"])
                elif kind == "id":
                    text += b"%d.%d" % (int(part["second"]) - self.begun + begins, number * 100 + int(part["id"]) % 100)
                elif kind == "channel":
                    text += b"%08x" % (number * 256 + int(part["channel"], 16) % 256)
                elif kind == "caller":
                    text += caller
                else:
                    text += b"%08x%s" % (number, part["bridge"][8:])
            yield begins + second - self.begun, bytes(text)


def write(path, calls, seed=42, begins=1_795_415_698):
    """AMI bytes of so many calls, two in three answered, by a third as many callers, in the order of time."""
    dice = random.Random(seed)
    shapes = [Shape(name) for name in SHAPES]
    callers = [b"1%d%07d" % (dice.choice((212, 312, 415, 617, 702)), 2_000_000 + n) for n in range(max(1, calls // 3))]
    waiting, order = [], 0
    with open(path, "wb") as file:
        file.write(b"Asterisk Call Manager/9.0.0\r\n")
        for number in range(calls):
            start = begins + int(number * EVERY_S)
            while waiting and waiting[0][0] < start:
                file.write(heapq.heappop(waiting)[2])
            shape = shapes[0] if dice.randrange(3) else shapes[1]
            for second, text in shape.told(start, number, dice.choice(callers)):
                heapq.heappush(waiting, (second, order := order + 1, text))
        while waiting:
            file.write(heapq.heappop(waiting)[2])
