"""What `make test` shows of a deployment with everything on, shown of the settings as they are committed, too."""

from __future__ import annotations

import pytest

from tests.roles.conftest import Exercised, exercised
from tests.roles.places import ROOT
from tests.roles.test_captures import (
    test_its_key_opens_nothing_but_the_secret_and_for_that_function_alone,
    test_no_team_reads_recordings_but_in_connect_itself,
    test_nobody_of_the_templates_can_change_it,
    test_one_function_can_read_the_private_key_and_nobody_else,
    test_recordings_are_stored_over_tls_alone_and_only_under_the_key,
)
from tests.roles.test_grants import (
    test_aws_itself_may_do_all_that_the_table_says_it_does,
    test_each_grant_that_is_removed_is_missed_by_its_holder,
    test_each_value_of_a_condition_that_is_removed_is_missed,
    test_every_call_is_of_a_resource_that_its_action_knows,
    test_every_condition_is_on_a_key_that_aws_gives_for_the_action,
    test_every_granted_and_implied_action_is_one_that_aws_knows,
    test_every_handler_was_let_do_all_it_asked_for,
    test_every_line_of_the_table_names_its_source,
    test_every_recorded_event_is_answered_without_an_apology,
    test_functions_roles_are_exercised_by_handlers_and_not_by_the_table_alone,
    test_no_grant_can_go_without_something_being_denied,
    test_no_role_has_a_star_for_a_resource_where_aws_offers_anything_finer,
    test_no_role_has_a_star_in_an_action,
    test_without_tls_the_same_calls_are_denied_where_customers_data_is,
)
from tests.roles.test_invocations import (
    test_connect_alone_publishes_to_the_chats_topic_and_for_the_one_instance,
    test_connect_may_call_what_its_flows_ask_for_the_one_instance_only,
    test_secrets_manager_may_call_the_rotation_for_the_one_secret_only,
    test_the_api_may_call_the_desk_for_its_one_route_only,
    test_the_one_topic_and_the_one_rule_may_call_the_relay,
)

pytestmark = pytest.mark.xdist_group("roles as committed")
__all__ = [
    "test_aws_itself_may_do_all_that_the_table_says_it_does",
    "test_connect_alone_publishes_to_the_chats_topic_and_for_the_one_instance",
    "test_connect_may_call_what_its_flows_ask_for_the_one_instance_only",
    "test_each_grant_that_is_removed_is_missed_by_its_holder",
    "test_each_value_of_a_condition_that_is_removed_is_missed",
    "test_every_call_is_of_a_resource_that_its_action_knows",
    "test_every_condition_is_on_a_key_that_aws_gives_for_the_action",
    "test_every_granted_and_implied_action_is_one_that_aws_knows",
    "test_every_handler_was_let_do_all_it_asked_for",
    "test_every_line_of_the_table_names_its_source",
    "test_every_recorded_event_is_answered_without_an_apology",
    "test_functions_roles_are_exercised_by_handlers_and_not_by_the_table_alone",
    "test_its_key_opens_nothing_but_the_secret_and_for_that_function_alone",
    "test_no_grant_can_go_without_something_being_denied",
    "test_no_role_has_a_star_for_a_resource_where_aws_offers_anything_finer",
    "test_no_role_has_a_star_in_an_action",
    "test_no_team_reads_recordings_but_in_connect_itself",
    "test_nobody_of_the_templates_can_change_it",
    "test_one_function_can_read_the_private_key_and_nobody_else",
    "test_recordings_are_stored_over_tls_alone_and_only_under_the_key",
    "test_secrets_manager_may_call_the_rotation_for_the_one_secret_only",
    "test_the_api_may_call_the_desk_for_its_one_route_only",
    "test_the_one_topic_and_the_one_rule_may_call_the_relay",
    "test_without_tls_the_same_calls_are_denied_where_customers_data_is",
]


@pytest.fixture(scope="module")
def everything() -> Exercised:
    """The templates of `make synth`, instead of those with every setting on."""
    return exercised(ROOT / "cdk.out")
