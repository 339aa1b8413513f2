"""The working for numbers, one digit at a time, as a small network can carry it out exactly."""

from __future__ import annotations


def addition(first: int, second: int) -> str:
    """Column addition from the last digit on; each line ends with the digits found so far."""
    size = max(len(str(first)), len(str(second)))
    upper, lower = str(first).zfill(size), str(second).zfill(size)
    lines, found, carry = [f"{upper} + {lower}"], "", 0
    for one, other in zip(reversed(upper), reversed(lower), strict=True):
        total = int(one) + int(other) + carry
        found = f"{total % 10}{found}"
        lines.append(f"{one}+{other}{'+1' if carry else ''}={total} → {found}")
        carry = total // 10
    if carry:
        lines.append(f"1 → 1{found}")
    return "\n".join(lines)


def _contest(first: int, second: int) -> list[str]:
    """Compare the numbers of digits, then digit by digit from the left until two differ."""
    left, right = str(first), str(second)
    lines = [f"{len(left)} {_sign(len(left), len(right))} {len(right)} digits"]
    if len(left) != len(right):
        return lines
    for one, other in zip(left, right, strict=True):
        lines.append(f"{one} {_sign(int(one), int(other))} {other}")
        if one != other:
            break
    return lines


def _sign(first: int, second: int) -> str:
    return "<" if first < second else ">" if first > second else "="


def comparison(first: int, second: int, wanted: str) -> str:
    """Which of two numbers is the WANTED (`larger` or `smaller`) one."""
    low, high = sorted((first, second))
    result = f"{high} > {low}" if wanted == "larger" else f"{low} < {high}"
    if low == high:
        result = f"{first} = {second}"
    return "\n".join([f"{wanted}: {first} or {second}", *_contest(first, second), result])


def subtraction(first: int, second: int) -> str:
    """Column subtraction of the smaller from the larger number, with the sign put in at the end."""
    low, high = sorted((first, second))
    size = len(str(high))
    upper, lower = str(high), str(low).zfill(size)
    lines = [f"{first} - {second}", *_contest(first, second), f"so {upper} - {lower}"]
    found, borrow = "", 0
    for one, other in zip(reversed(upper), reversed(lower), strict=True):
        top = int(one) + (10 if int(one) - borrow < int(other) else 0)
        result = top - int(other) - borrow
        found = f"{result}{found}"
        lines.append(f"{top}-{other}{'-1' if borrow else ''}={result} → {found}")
        borrow = int(top > 9)
    return "\n".join([*lines, f"= {first - second}"])


def multiplication(number: int, digit: int) -> str:
    """A number of one or two digits times one digit, with the carry added to the second product."""
    lines, found, carry = [f"{number} × {digit}"], "", 0
    places = str(number)[::-1]
    for place, one in enumerate(places):
        product = int(one) * digit
        total = product + carry
        added = f"+{carry}={product}+{carry}={total}" if carry else f"={product}"
        last = place == len(places) - 1
        found = f"{total if last else total % 10}{found}"
        lines.append(f"{one}×{digit}{added} → {found}")
        carry = total // 10
    return "\n".join([*lines, f"= {int(found)}"])


def sorting(numbers: list[int]) -> str:
    """Put each number, written with two digits, into the list of those before it."""
    texts = [f"{number:02d}" for number in numbers]
    lines, placed = [" ".join(texts)], list[str]()
    for text in texts:
        placed = sorted([*placed, text])
        lines.append(f"{text} → {' '.join(placed)}")
    return "\n".join(lines)
