"""Tables, one file each."""

from app.models.base import Base
from app.models.rule_file import RuleFile
from app.models.rule_set import RuleSetName
from app.models.rule_text import RuleText
from app.models.rule_version import RuleVersion

__all__ = ["Base", "RuleFile", "RuleSetName", "RuleText", "RuleVersion"]
