"""What the service is told from outside."""

import re
from pathlib import Path

import pytest

from schema.http.settings import Settings, Trust
from schema.planner.cost import COST_MAX
from service.access.issuers import Family, Issuer
from service.config import Config, ConfigError
from service.database_url import masked

URL = "postgresql://socai:secret@db:5432/socai"


def test_with_nothing_set_it_listens_on_loopback_and_runs_its_own_database() -> None:
    config = Config.from_env({"HOME": "/nowhere"})
    assert (config.host, config.port, config.database_url) == ("127.0.0.1", 8000, None)
    assert config.data == Path(".socai")


def test_an_unknown_variable_is_an_error_that_lists_the_known_ones() -> None:
    with pytest.raises(ConfigError, match=r"SOCAI_PROT is not a setting .* SOCAI_PORT"):
        Config.from_env({"SOCAI_PROT": "8000"})


def test_a_secret_may_come_by_file(tmp_path: Path) -> None:
    file = tmp_path / "url"
    file.write_text(f"{URL}\n")
    assert Config.from_env({"SOCAI_DATABASE_URL_FILE": str(file)}).database_url == URL


def test_what_is_no_secret_does_not_come_by_file() -> None:
    with pytest.raises(ConfigError, match="SOCAI_PORT_FILE is not a setting"):
        Config.from_env({"SOCAI_PORT_FILE": "port"})


def test_a_secret_given_twice_is_an_error() -> None:
    with pytest.raises(ConfigError, match="both set"):
        Config.from_env({"SOCAI_DATABASE_URL": URL, "SOCAI_DATABASE_URL_FILE": "url"})


def test_a_secret_file_that_cannot_be_read_is_named() -> None:
    with pytest.raises(ConfigError, match=r"SOCAI_DATABASE_URL_FILE: cannot read .*absent"):
        Config.from_env({"SOCAI_DATABASE_URL_FILE": "absent"})


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("SOCAI_PORT", "http"),
        ("SOCAI_PORT", "65536"),
        ("SOCAI_WORKERS", "0"),
        ("SOCAI_DRAIN_SECONDS", "-1"),
        ("SOCAI_DATABASE_URL", "mysql://db"),
        ("SOCAI_GRAPHQL_GET", "yes"),
        ("SOCAI_GRAPHQL_TRUSTED", "all"),
        ("SOCAI_GRAPHQL_TRUSTED", "only"),
        ("SOCAI_GRAPHQL_CACHE_BYTES", "-1"),
        ("SOCAI_GRAPHQL_DEADLINE_SECONDS", "0"),
        ("SOCAI_GRAPHQL_POINTS_PER_MINUTE", "-1"),
        ("SOCAI_HTTPS", "yes"),
        ("SOCAI_TRUSTED_PROXIES", "*"),
        ("SOCAI_TRUSTED_PROXIES", "10.0.0.1, proxy"),
        ("SOCAI_CONNECTIONS_MAX", "many"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_by_name(name: str, text: str) -> None:
    with pytest.raises(ConfigError, match=name):
        Config.from_env({name: text})


def test_the_endpoint_is_set_by_variables_of_its_own() -> None:
    told = {
        "SOCAI_GRAPHQL_GET": "off",
        "SOCAI_GRAPHQL_INTROSPECTION": "off",
        "SOCAI_GRAPHQL_TRUSTED": "only",
        "SOCAI_GRAPHQL_TRUSTED_DOCUMENTS": "persisted.json",
        "SOCAI_GRAPHQL_ORIGINS": "https://a.example.vn, https://b.example.vn",
        "SOCAI_GRAPHQL_CACHE_BYTES": "0",
        "SOCAI_GRAPHQL_APQ_DOCUMENTS_MAX": "7",
        "SOCAI_GRAPHQL_DEADLINE_SECONDS": "2.5",
        "SOCAI_GRAPHQL_PLANNER": "off",
        "SOCAI_HTTPS": "on",
        "SOCAI_GRAPHQL_POINTS_PER_MINUTE": "30000",
        "SOCAI_GRAPHQL_POINTS_PER_MINUTE_KEYED": "0",
        "SOCAI_GRAPHQL_STREAMS_MAX": "7",
        "SOCAI_GRAPHQL_STREAMS_EACH_MAX": "2",
    }
    assert Config.from_env(told).graphql == Settings(
        planner=False,
        get=False,
        introspection=False,
        trusted=Trust.ONLY,
        trusted_documents=Path("persisted.json"),
        origins=frozenset({"https://a.example.vn", "https://b.example.vn"}),
        cache_bytes=0,
        apq_documents_max=7,
        deadline_seconds=2.5,
        https=True,
        points_public=30_000,
        points_keyed=0,
        streams_max=7,
        streams_each_max=2,
    )
    assert Config.from_env({}) == Config()


def test_an_empty_variable_is_an_unset_one() -> None:
    assert Config.from_env({"SOCAI_PORT": ""}).port == 8000


def test_a_password_is_never_printed() -> None:
    config = Config.from_env({"SOCAI_DATABASE_URL": URL})
    assert "secret" not in repr(config)
    assert "postgresql://socai:***@db:5432/socai" in repr(config)
    assert masked("postgresql://db/socai?password=secret") == "postgresql://db/socai?***"


TWO = "https://id.example.vn=socai https://login.example.vn/khcn=api://socai,ES256,JWT"


def test_issuers_are_named_with_their_audience_and_what_is_unusual_about_them() -> None:
    config = Config.from_env({"SOCAI_OIDC_ISSUERS": f" {TWO}\n http://[::1]:8080=socai,EdDSA "})
    assert config.oidc_issuers == (
        Issuer(url="https://id.example.vn", audience="socai", family=Family.RS256, plain=False),
        Issuer(
            url="https://login.example.vn/khcn",
            audience="api://socai",
            family=Family.ES256,
            plain=True,
        ),
        Issuer(url="http://[::1]:8080", audience="socai", family=Family.EDDSA, plain=False),
    )
    assert Config.from_env({}).oidc_issuers == ()


def test_issuers_are_shown_as_they_are_written() -> None:
    config = Config.from_env({"SOCAI_OIDC_ISSUERS": TWO})
    shown = config.shown("oidc_issuers")
    assert shown == TWO.replace("=socai ", "=socai,RS256 ")
    assert shown in repr(config)
    assert Config.from_env({"SOCAI_OIDC_ISSUERS": shown}) == config


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("https://id.example.vn", "needs an audience"),
        ("https://id.example.vn=", "needs an audience"),
        ("id.example.vn=socai", "must begin with https://"),
        ("ftp://id.example.vn=socai", "must begin with https://"),
        ("https://=socai", "must begin with https:// and a host"),
        ("http://id.example.vn=socai", "http:// is for this machine alone"),
        ("http://localhost.example.vn=socai", "http:// is for this machine alone"),
        ("https://id.example.vn:0=socai", "must begin with https:// and a host"),
        ("https://id.example.vn:x=socai", "is no address"),
        ("https://id.example.vn/#a=socai", "no fragment"),
        ("https://id.example.vn/?a=socai", "must have no query"),
        ("https://định-danh.vn=socai", "no odd sign"),
        ("https://id.example.vn=socai,HS256", "'HS256' of https://id.example.vn is not understood"),
        ("https://id.example.vn=socai,none", "known: EdDSA, ES256, RS256, JWT"),
        ("https://id.example.vn=socai,ES256,RS256", "is not understood"),
        ("https://id.example.vn=socai,JWT,JWT", "is not understood"),
        ("https://id.example.vn=socai,", "is not understood"),
        ("https://a.vn=socai,https://b.vn=socai", "is not understood"),
        ("https://id.example.vn=a https://id.example.vn=b", "is named twice"),
        (" ".join(f"https://{number}.vn=socai" for number in range(17)), "at most 16"),
    ],
)
def test_an_issuer_that_makes_no_sense_is_refused_with_the_reason(text: str, said: str) -> None:
    with pytest.raises(ConfigError, match=rf"^SOCAI_OIDC_ISSUERS: .*{re.escape(said)}"):
        Config.from_env({"SOCAI_OIDC_ISSUERS": text})


def test_a_password_in_an_issuer_is_refused_and_not_repeated() -> None:
    with pytest.raises(ConfigError, match="no user") as refused:
        Config.from_env({"SOCAI_OIDC_ISSUERS": "https://lan:secret@id.example.vn=socai"})
    assert "secret" not in str(refused.value)


def test_the_public_is_limited_unless_told_otherwise() -> None:
    points = Config.from_env({}).graphql.points_public
    assert points == Config().graphql.points_public
    assert points >= COST_MAX
    told = {"SOCAI_GRAPHQL_POINTS_PER_MINUTE": "0"}
    assert Config.from_env(told).graphql.points_public == 0


def test_proxies_are_addresses_and_networks() -> None:
    told = {"SOCAI_TRUSTED_PROXIES": "10.0.0.1, 10.1.0.0/16 2001:db8::/32"}
    assert Config.from_env(told).trusted_proxies == ("10.0.0.1", "10.1.0.0/16", "2001:db8::/32")
