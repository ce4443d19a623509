"""A home's key, and what is locked with it: databases, spill, Parquet, small secrets, temporary files."""

from monitor.encryption.check import adopt, must_fit, refuse_what_cannot_be_encrypted
from monitor.encryption.key import HomeKey, key_of

__all__ = ["HomeKey", "adopt", "key_of", "must_fit", "refuse_what_cannot_be_encrypted"]
