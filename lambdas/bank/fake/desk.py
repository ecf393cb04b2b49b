"""How the stand-in carries out what a bank's front desk does: applications and appointments. Pure."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

from bank.core import Apply, Book, Receipt
from bank.fake.book import KEPT_APPLICATIONS, Customer, day_of

APPOINTMENTS_AHEAD = 5


def apply(customer: Customer, order: Apply, now: float) -> tuple[Customer, Receipt]:
    """One application a product may be under way."""
    for number, (product, state) in customer.applications.items():
        if product == order.product and state == "review":
            return customer, Receipt(True, "already", {"application_number": number})
    count, number = 0, ""
    while not number or number in customer.applications:
        digest = sha256(f"{now}\n{order.product}\n{count}".encode()).digest()
        number, count = str(100_000 + int.from_bytes(digest[:8]) % 900_000), count + 1
    entries = [*customer.applications.items(), (number, (order.product, "review"))][-KEPT_APPLICATIONS:]
    return replace(customer, applications=dict(entries)), Receipt(True, "", {"application_number": number})


def book(customer: Customer, order: Book, now: float) -> tuple[Customer, Receipt]:
    """One appointment at a time, and only so many ahead."""
    ahead = tuple(entry for entry in customer.appointments if entry[2] >= day_of(now))
    if any(entry[2:] == (order.day, order.time) for entry in ahead):
        return customer, Receipt(False, "clash")
    if len(ahead) >= APPOINTMENTS_AHEAD:
        return customer, Receipt(False, "too_many")
    return replace(customer, appointments=(*ahead, (order.branch, order.topic, order.day, order.time))), Receipt(True)
