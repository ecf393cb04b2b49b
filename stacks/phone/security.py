"""A security profile for each team."""

from __future__ import annotations

from aws_cdk.aws_connect import CfnSecurityProfile
from constructs import Construct

from stacks.phone.instance import Centre
from stacks.phone.permissions import PERMISSIONS
from stacks.team import TEAMS, Team


def security_profiles(scope: Construct, centre: Centre) -> dict[Team, CfnSecurityProfile]:
    """Each team's, of what the table says."""
    return {
        team: CfnSecurityProfile(
            scope,
            f"{team.title()}Profile",
            instance_arn=centre.arn,
            security_profile_name=centre.name(team),
            description=TEAMS[team],
            permissions=[str(one) for one in PERMISSIONS[team]],
        )
        for team in TEAMS
    }
