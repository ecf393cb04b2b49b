"""The customers' user pool on a laptop: who signs in, and the token that their browser or speaker then sends."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from rehearsal.people import Person


@dataclass(slots=True)
class Accounts:
    """Users of one pool, made at their first use; safe for threads."""

    idp: Any
    """A cognito-idp client of the account's administrator."""
    pool: str
    client: str
    """The public client of web and app."""
    before: Callable[[], object]
    """Done before a token is made: it bears the pool's time, which must be the rehearsal's."""
    subjects: dict[str, str] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def knows(self, person: Person) -> bool:
        """Whether the person has signed up."""
        return person.email in self.subjects

    def subject(self, person: Person) -> str:
        """What the pool calls the person, whichever device they are at."""
        with self.lock:
            if person.email not in self.subjects:
                self.subjects[person.email] = self._made(person)
            return self.subjects[person.email]

    def token(self, person: Person) -> str:
        """The access token of a sign-in just now; who was forgotten, and their account with them, signs up anew."""
        self.subject(person)
        try:
            return self._signed_in(person)
        except self.idp.exceptions.UserNotFoundException:
            with self.lock:
                self.subjects.pop(person.email, None)
            self.subject(person)
            return self._signed_in(person)

    def _signed_in(self, person: Person) -> str:
        self.before()
        begun = self.idp.admin_initiate_auth(
            UserPoolId=self.pool, ClientId=self.client, AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": person.email, "PASSWORD": self.passwords[person.email]},
        )  # fmt: skip
        return str(begun["AuthenticationResult"]["AccessToken"])

    def _made(self, person: Person) -> str:
        password = f"Aa1!{secrets.token_urlsafe(18)}"
        made = self.idp.admin_create_user(
            UserPoolId=self.pool, Username=person.email, MessageAction="SUPPRESS",
            UserAttributes=[{"Name": "email", "Value": person.email}, {"Name": "email_verified", "Value": "true"}],
        )  # fmt: skip
        self.idp.admin_set_user_password(UserPoolId=self.pool, Username=person.email, Password=password, Permanent=True)
        self.passwords[person.email] = password
        return next(str(one["Value"]) for one in made["User"]["Attributes"] if one["Name"] == "sub")
