"""Tryton's client library, as scenarios use it, over the forms of the SDK.

This package stands where proteus is looked for. Here is what only Python can be: attributes of records, lists, classes
that are made of models. What a field holds, what a change leads to and what is sent is the SDK's business, which knows
each record by the number of its node (`scenarios/forms/OPERATIONS.md`).
"""

from . import config
from .action import launch_action
from .lists import ModelList
from .model import Model
from .report import Report
from .wizard import Wizard

__all__ = ['Model', 'ModelList', 'Report', 'Wizard', 'config', 'launch_action']
