"""What is asked of the service and changes nothing of the fund: webhooks, and the vault."""

import strawberry

from schema.reveal import reveals
from schema.webhooks import managing


@strawberry.type(description="Errands. Nothing of the fund is changed by them.")
class Errands:
    """Where events are sent, and who a contact is."""

    reveal_contact = reveals()
    register_webhook = managing.door(
        managing.register_webhook,
        "Have events sent to an address of yours, each once it is recorded (đăng ký webhook).",
    )
    update_webhook = managing.door(
        managing.update_webhook,
        "Say anew where a webhook is sent and what; it goes on from where it stands (cập nhật"
        " webhook).",
    )
    pause_webhook = managing.door(
        managing.pause_webhook, "Send it nothing until it is resumed (tạm dừng webhook)."
    )
    resume_webhook = managing.door(
        managing.resume_webhook,
        "Send on, at once, from where it stands: also after it was given up on (tiếp tục webhook).",
    )
    rotate_webhook_secret = managing.door(
        managing.rotate_webhook_secret,
        "Another secret, each time; deliveries are signed with both for a while (đổi khoá ký).",
    )
    rewind_webhook = managing.door(
        managing.rewind_webhook,
        "Send once more all that was recorded after a position (đặt lại vị trí webhook).",
    )
    redeliver = managing.door(
        managing.redeliver, "Send one event once more; the cursor stays (gửi lại sự kiện)."
    )
    remove_webhook = managing.door(
        managing.remove_webhook, "Send it nothing any more, for ever (gỡ bỏ webhook)."
    )
