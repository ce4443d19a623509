"""Needs that a visit found true and referred become one line per receiving department, with only the fields it needs."""

from monitor.referrals.contract import ReferralContract, referral_contract, routes_of
from monitor.referrals.refer import refer

__all__ = ["ReferralContract", "refer", "referral_contract", "routes_of"]
