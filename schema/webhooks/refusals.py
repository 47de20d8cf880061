"""What the desk for webhooks says no to: typed, in two languages, members of its outcomes."""

from events.rules import Refusal, refusal
from schema.scalars import Position

DESCRIPTION_CHARACTERS_MAX = 500
EACH_MAX = 20
"""Webhooks of one principal."""
WAITING_MAX = 1_000
"""Events of one webhook that wait to be sent once more."""


@refusal(rule="webhooks are signed, with secrets that follow from a key of the operator's")
class WebhooksOff(Refusal):
    """No webhooks are sent from here: the operator has given no key to sign them with.

    Hệ thống này chưa gửi webhook: đơn vị vận hành chưa cấu hình khoá ký.
    """


@refusal(rule="an owner manages his own webhooks, and is told of no others")
class UnknownWebhook(Refusal):
    """You have no webhook {webhook}.

    Bạn không có webhook {webhook}.
    """

    webhook: str
    """Id that was given (mã điểm nhận)."""


@refusal(rule="an id stands for one webhook, for ever")
class WebhookExists(Refusal):
    """The id {webhook} is taken, or was once: choose another, or update the webhook if it is yours.

    Mã {webhook} đã được dùng: hãy chọn mã khác, hoặc cập nhật webhook nếu là của bạn.
    """

    webhook: str
    """Id that was given (mã điểm nhận)."""


@refusal(rule="what is sent for one is not taken from the others")
class TooManyWebhooks(Refusal):
    """You have {limit} webhooks, which is as many as one may have: remove one first.

    Bạn đã có {limit} webhook, là số tối đa: hãy gỡ bỏ một webhook trước.
    """

    limit: int
    """How many there may be (số tối đa)."""


@refusal(rule="an id stands in addresses and file names")
class WebhookIdInvalid(Refusal):
    """The id "{webhook}" is not 1 to 63 ASCII letters, digits, dots, hyphens, underscores.

    Mã "{webhook}" chỉ được gồm 1 đến 63 chữ cái không dấu, chữ số, dấu chấm, gạch dưới
    hoặc gạch nối.
    """

    webhook: str
    """Id that was given (mã điểm nhận)."""


@refusal(rule="a description is one line of at most 500 characters")
class WebhookDescriptionInvalid(Refusal):
    """The description is longer than {limit} characters, or holds control characters.

    Mô tả dài quá {limit} ký tự hoặc chứa ký tự điều khiển.
    """

    limit: int
    """How many characters there may be (số ký tự tối đa)."""


@refusal(rule="RFC 3986: https, a host, no user and no fragment")
class WebhookUrlInvalid(Refusal):
    """The address cannot be sent to: {reason}.

    Không gửi được đến địa chỉ này: {reason}.
    """

    reason: str
    """What is wrong with it (lý do)."""


@refusal(rule="a name leads to an address when a webhook is registered, and ever after")
class WebhookHostUnknown(Refusal):
    """The name {host} leads nowhere: {reason}.

    Không tìm thấy máy chủ {host}: {reason}.
    """

    host: str
    """Name that was given (tên máy chủ)."""
    reason: str
    """What the names' service says (lý do)."""


@refusal(rule="no request of ours enters a network that is not public (RFC 6890)")
class WebhookAddressRefused(Refusal):
    """{host} is not an address of the public internet: {reason}.

    {host} không phải là địa chỉ công khai trên Internet: {reason}.
    """

    host: str
    """Name or address that was given (tên máy chủ)."""
    reason: str
    """What it is instead (lý do)."""


@refusal(rule="a cursor stands at a position of the log")
class PositionAhead(Refusal):
    """The ledger ends at position {head}: nothing can go on after {position}.

    Sổ cái mới đến vị trí {head}: không thể tiếp tục sau vị trí {position}.
    """

    position: Position
    """Position that was given (vị trí)."""
    head: Position
    """Where the ledger ends (vị trí cuối)."""


@refusal(rule="what is sent once more was sent, or passed over, before")
class NotSentYet(Refusal):
    """Webhook {webhook} stands at position {cursor}: {position} is not behind it.

    Webhook {webhook} đang ở vị trí {cursor}: chưa đi qua vị trí {position}.
    """

    webhook: str
    """Id of the webhook (mã điểm nhận)."""
    position: Position
    """Position that was given (vị trí)."""
    cursor: Position
    """Where the webhook stands (vị trí hiện tại)."""


@refusal(rule="who has many events to catch up with rewinds the cursor")
class TooManyRedeliveries(Refusal):
    """{limit} events wait to be sent to {webhook} once more: wait for them, or rewind it.

    Đã có {limit} sự kiện chờ gửi lại cho {webhook}: hãy chờ, hoặc đặt lại vị trí.
    """

    webhook: str
    """Id of the webhook (mã điểm nhận)."""
    limit: int
    """How many may wait (số tối đa)."""
