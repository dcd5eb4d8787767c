"""The mail desk: whose parcel it is, and whom it is for."""

from cbo_desk.mail.addressees import Addressee, Addressees, Kind, Suggestion
from cbo_desk.mail.carriers import CarrierMatch, identify
from cbo_desk.mail.labels import Label, read_label

__all__ = [
    "Addressee",
    "Addressees",
    "CarrierMatch",
    "Kind",
    "Label",
    "Suggestion",
    "identify",
    "read_label",
]
