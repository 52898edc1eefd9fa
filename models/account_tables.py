"""Who may sign in, from where they tried, and which programs may ask: append-only, the newest state of each counts."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.columns import instant


class Account(SQLModel, table=True):
    """An account: a sign-in name, or the subject a government identity provider gives ("" for a local account)."""

    __tablename__ = "account"
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    subject: str = Field(default="", index=True)
    created_at: datetime = Field(sa_column=instant())
    created_by: str


class AccountState(SQLModel, table=True):
    """What an account is from a moment on; the newest row counts, and a session lives as long as its row is the newest.

    `password_hash` is argon2's ("" without a local password); `agency` is "" for those who see all.
    """

    __tablename__ = "account_state"
    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    post: str
    role: str
    agency: str = ""
    password_hash: str = Field(default="", repr=False)
    closed: bool = False
    recorded_at: datetime = Field(sa_column=instant())
    recorded_by: str


class SignInAttempt(SQLModel, table=True):
    """One attempt to sign in with a local name; `address` is the caller's."""

    __tablename__ = "sign_in_attempt"
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(index=True)
    address: str = Field(index=True)
    succeeded: bool
    at: datetime = Field(sa_column=instant())


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
