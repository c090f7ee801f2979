"""Tables, those of one package of the service in a file."""

from app.models.access import AccessKey
from app.models.audit import AuditEvent
from app.models.base import SHARED, Base
from app.models.register import RegisterEdition, RegisterSchool
from app.models.reviews import CommentKind, RuleApproval, RuleChange, RuleComment
from app.models.rule_sets import RuleFile, RuleSetName, RuleText, RuleVersion, State
from app.models.scenarios import Scenario

__all__ = [
    "SHARED",
    "AccessKey",
    "AuditEvent",
    "Base",
    "CommentKind",
    "RegisterEdition",
    "RegisterSchool",
    "RuleApproval",
    "RuleChange",
    "RuleComment",
    "RuleFile",
    "RuleSetName",
    "RuleText",
    "RuleVersion",
    "Scenario",
    "State",
]
