"""Who may sign in, from where they tried, and which programs may ask: append-only, the newest state of each counts."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.columns import instant

# Who opened the first administrator's account.
BY_INIT = "dondoc init"


class Account(SQLModel, table=True):
    """An account by its sign-in name; `email` is the one an identity provider will vouch for ("": signs in here)."""

    __tablename__ = "account"
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    email: str = Field(default="", index=True)
    created_at: datetime = Field(sa_column=instant())
    created_by: str


class AccountState(SQLModel, table=True):
    """What an account is from a moment on; the newest row counts.

    `password_hash` is argon2's ("" without a local password), to be changed at the next sign-in with `must_change`;
    `agency` is "" for those who see all. A session lives as long as `epoch` stays what it was when it began.
    """

    __tablename__ = "account_state"
    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    post: str
    role: str
    agency: str = ""
    password_hash: str = Field(default="", repr=False)
    must_change: bool = False
    epoch: int = 0
    closed: bool = False
    recorded_at: datetime = Field(sa_column=instant())
    recorded_by: str


class AccountIdentity(SQLModel, table=True):
    """Whom an identity provider knows an account as, bound at the first sign-in there and never changed.

    Of the accounts somebody is bound to, one at most is open.
    """

    __tablename__ = "account_identity"
    __table_args__ = (Index("ix_account_identity_subject", "issuer", "subject"),)
    account_id: int = Field(primary_key=True, foreign_key="account.id")
    issuer: str
    subject: str
    bound_at: datetime = Field(sa_column=instant())


class SignInAttempt(SQLModel, table=True):
    """One attempt to sign in with a local name, and once more when it succeeded; `address` is the caller's.

    `name` is a short digest of what was typed: people type passwords into the wrong field.
    """

    __tablename__ = "sign_in_attempt"
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(index=True)
    address: str = Field(index=True)
    succeeded: bool
    at: datetime = Field(sa_column=instant())


class SessionEnd(SQLModel, table=True):
    """A session somebody signed out of: a copy of its cookie is of no use any more."""

    __tablename__ = "session_end"
    session: str = Field(primary_key=True)
    ended_at: datetime = Field(sa_column=instant())


class ApiClient(SQLModel, table=True):
    """A program that may ask `/api/v1`: the digest of its token, its scope (read, upload), the agency it is held to."""

    __tablename__ = "api_client"
    id: int | None = Field(default=None, primary_key=True)
    name: str
    scope: str
    agency: str = ""
    token_sha256: str = Field(unique=True, repr=False)
    created_at: datetime = Field(sa_column=instant())
    created_by: str


class ApiClientEnd(SQLModel, table=True):
    """A client whose token was taken back."""

    __tablename__ = "api_client_end"
    client_id: int = Field(primary_key=True, foreign_key="api_client.id")
    ended_at: datetime = Field(sa_column=instant())
    ended_by: str
