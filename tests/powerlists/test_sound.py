"""The doctor finds nothing in the journal of a list that went all the way."""

import pytest
from test_round import Story

from xiaoneng.jobs import doctor, time_machine

pytestmark = pytest.mark.django_db


def test_a_published_list_is_sound(db):
    story = Story().fill().to_notice()
    with time_machine.at(story.at):
        report = doctor.examine()
    mine = [finding for finding in report.findings if str(story.matter) in str(finding)]
    assert mine == []
