"""Make the files that docker-compose.yml reads as secrets; keep those that are there."""

import secrets
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "secrets"
URL = "postgresql://{role}:{password}@db:5432/socai\n"


def main() -> None:
    """Five files with four random passwords, in a folder that only its owner may enter."""
    FOLDER.mkdir(mode=0o700, exist_ok=True)
    kept = FOLDER / "postgres_password"
    password = kept.read_text("utf-8").strip() if kept.exists() else secrets.token_urlsafe(32)
    texts = {
        "postgres_password": password,
        "superuser_url": URL.format(role="postgres", password=password),
        "owner_url": URL.format(role="socai_owner", password=secrets.token_urlsafe(32)),
        "service_url": URL.format(role="socai_service", password=secrets.token_urlsafe(32)),
        "signer_url": URL.format(role="socai_signer", password=secrets.token_urlsafe(32)),
    }
    for name, text in texts.items():
        file = FOLDER / name
        if not file.exists():
            file.write_text(text, encoding="utf-8")
            # Readable in the container, where the user is another; the folder keeps others out.
            file.chmod(0o644)


if __name__ == "__main__":
    main()
