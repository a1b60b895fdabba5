"""Roles: bundles of named permissions. A permission is "<app>.<verb>_<model>"; its bearer may do it where the role is bound.

An app adds its own permissions here, in one place, so that the answer to "who may do what" is one page long.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Role:
    key: str
    name: str | Promise
    permissions: frozenset[str]
    own_only: bool = False  # reaches only rows that are the person's own, whatever the area


LOOK = {
    "places.view_area",
    "facilities.view_facility",
    "warning.view_alert",
    "warning.view_endpoint",
    "warning.view_plan",
}
DESK = {
    "alarms.view_alarm",
    "alarms.view_panel",
    "alarms.acknowledge_alarm",
    "alarms.take_alarm",
    "alarms.close_alarm",
    "alarms.note_alarm",
    "alarms.check_step",
    "alarms.reopen_alarm",
    "alarms.test_panel",
    "warning.compose_alert",
    "warning.send_alert",
    "warning.correct_alert",
    "warning.confirm_alert",
    "warning.reject_alert",
    "warning.override_alert",
    "warning.end_alert",
    "warning.silence_alert",
}
# What stands on the register and around it. Each group is one job; roles below are made of them.
PROTECTION = {
    "facilities.view_proposal",
    "facilities.view_listdecision",
    "facilities.export_facility",
    "equipment.view_kind",
    "equipment.view_item",
    "equipment.view_stocktake",
    "requirements.view_standard",
    "requirements.view_edition",
    "requirements.view_standing",
    "inspections.view_round",
    "inspections.view_inspection",
    "inspections.view_finding",
    "notices.view_notice",
    "passports.view_passport",
    "passports.print_passport",
    "upgrades.view_consequence",
    "upgrades.view_measure",
    "upgrades.view_scenario",
    "upgrades.view_upgradeplan",
    "reports.view_report",
    "upgrades.view_keptwhatif",
}
INSPECT = {
    "facilities.change_facility",
    "facilities.add_proposal",
    "equipment.add_item",
    "equipment.change_item",
    "equipment.move_item",
    "equipment.retire_item",
    "equipment.test_item",
    "equipment.take_stocktake",
    "requirements.declare_standing",
    "inspections.carry_inspection",
    "inspections.start_inspection",
    "inspections.answer_inspection",
    "inspections.photograph_inspection",
    "inspections.unphotograph_inspection",
    "inspections.choose_inspection",
    "inspections.submit_inspection",
    "inspections.plan_inspection",
    "inspections.withdraw_finding",
    "notices.draft_notice",
    "notices.issue_notice",
    "notices.serve_notice",
    "notices.close_notice",
    "passports.draft_passport",
}
PLAN_INSPECTIONS = {
    "inspections.plan_round",
    "inspections.plan_inspection",
    "inspections.assign_inspection",
    "inspections.cancel_inspection",
    "inspections.withdraw_finding",
    "notices.extend_notice",
    "notices.withdraw_notice",
    "facilities.review_proposal",
}
UPGRADE = {
    "upgrades.change_consequence",
    "upgrades.change_measure",
    "upgrades.change_scenario",
    "upgrades.add_upgradeplan",
    "upgrades.change_upgradeplan",
    "upgrades.compute_upgradeplan",
    "upgrades.remove_upgradeplan",
    "upgrades.add_keptwhatif",
    "upgrades.remove_keptwhatif",
}
REGISTER = {
    "facilities.add_facility",
    "facilities.change_facility",
    "facilities.import_facility",
    "facilities.add_proposal",
    "equipment.add_item",
    "equipment.change_item",
    "equipment.move_item",
    "equipment.retire_item",
    "equipment.change_kind",
    "equipment.import_item",
    "requirements.import_edition",
    "requirements.enforce_edition",
    "requirements.remove_edition",
}
TECHNICAL = {
    "alarms.add_panel",
    "alarms.change_panel",
    "alarms.test_panel",
    "alarms.view_unknownaccount",
    "warning.add_endpoint",
    "warning.change_endpoint",
    "warning.enrol_endpoint",
    "warning.test_endpoint",
    "warning.change_plan",
    "places.import_area",
    "places.change_area",
    "facilities.add_facility",
    "facilities.change_facility",
}
# The register of incidents. Whoever answers for a facility sees none of it.
INCIDENTS = {
    "incidents.view_kind",
    "incidents.view_incident",
    "incidents.view_pair",
    "incidents.view_silence",
    "incidents.view_signal",
}
WRITE_INCIDENTS = {"incidents.add_incident"}
KEEP_INCIDENTS = {
    "incidents.add_incident",
    "incidents.correct_incident",
    "incidents.verify_incident",
    "incidents.refute_incident",
    "incidents.reopen_incident",
    "incidents.merge_incident",
    "incidents.part_incident",
    "incidents.decide_pair",
    "incidents.import_incident",
    "incidents.change_kind",
    "incidents.declare_silence",
    "incidents.withdraw_silence",
    "incidents.import_signal",
}
# Flash-points: forecasts of places, what people decide about them, and the measures of prevention there. Whoever sees a flash-point
# may object to it.
FLASHPOINTS = {
    "flashpoints.view_run",
    "flashpoints.view_outlook",
    "flashpoints.view_forecast",
    "flashpoints.view_cluster",
    "flashpoints.view_flashpoint",
    "flashpoints.object_flashpoint",
    "flashpoints.view_objection",
    "flashpoints.view_measure",
}
PREVENT = {
    "flashpoints.compute_run",
    "flashpoints.add_measure",
    "flashpoints.change_measure",
    "flashpoints.close_measure",
}
SIGN = {
    "flashpoints.sign_flashpoint",
    "flashpoints.renew_flashpoint",
    "flashpoints.withdraw_flashpoint",
    "flashpoints.answer_objection",
}
# Files are brought by whoever inspects, decides, answers for a facility or sets things up; who may open one, its record says.
FILES = {"files.upload_file"}
PEOPLE = {
    "accounts.view_person",
    "accounts.add_person",
    "accounts.change_person",
    "accounts.view_agency",
    "accounts.change_agency",
    "accounts.add_agency",
    "accounts.assign_role",
    "accounts.withdraw_role",
    "accounts.close_person",
    "accounts.reopen_person",
    "accounts.unlock_person",
    "accounts.reset_password",
    "accounts.reset_second_factor",
}

ROLES: dict[str, Role] = {
    role.key: role
    for role in (
        Role(
            "administrator",
            _("administrator"),
            frozenset(
                LOOK | TECHNICAL | PEOPLE | PROTECTION | REGISTER | UPGRADE | FILES | FLASHPOINTS
                | {"audit.view_entry", "jobs.view_job", "ui.view_status", "ui.view_gallery"}
                | {"alarms.view_panel", "alarms.view_alarm"}
            ),
        ),
        Role(
            "duty_officer",
            _("duty officer"),
            frozenset(
                LOOK | DESK | PROTECTION | INCIDENTS | WRITE_INCIDENTS | {"ui.view_status", "alarms.view_unknownaccount"}
            ),
        ),
        Role(
            "chief",
            _("chief"),
            frozenset(
                LOOK | DESK | PROTECTION | PLAN_INSPECTIONS | UPGRADE | FILES | INCIDENTS
                | FLASHPOINTS | PREVENT | SIGN
                | {"passports.agree_passport", "passports.refuse_passport", "upgrades.adopt_upgradeplan"}
                | {"accounts.view_person", "accounts.view_agency", "ui.view_status"}
                | {"alarms.view_unknownaccount", "warning.change_plan", "warning.acknowledge_alert"}
            ),
        ),
        Role("inspector", _("inspector"), frozenset(LOOK | PROTECTION | INSPECT | FILES | {"alarms.view_panel"})),
        Role(
            "secretary",
            _("commission secretary"),
            frozenset(
                LOOK | PROTECTION | FILES | INCIDENTS
                | FLASHPOINTS | PREVENT | SIGN
                | {"facilities.add_proposal", "facilities.decide_proposal"}
            ),
        ),
        Role("analyst", _("analyst"), frozenset(LOOK | PROTECTION | UPGRADE | INCIDENTS | KEEP_INCIDENTS | FLASHPOINTS | PREVENT)),
        Role("coordinator", _("group coordinator"), frozenset({"places.view_area", "warning.view_alert"})),
        Role(
            "facility_contact",
            _("facility contact"),
            frozenset(
                {"facilities.view_facility", "alarms.view_alarm", "alarms.view_panel", "warning.view_alert", "places.view_area"}
                | {"equipment.view_item", "requirements.view_standing", "inspections.view_inspection"}
                | {"inspections.view_finding", "notices.view_notice", "notices.read_notice", "notices.answer_notice"}
                | {"notices.ask_notice", "passports.view_passport"}
                | {"passports.draft_passport", "passports.approve_passport", "passports.print_passport"}
                | {"requirements.declare_standing"}
                | FILES
            ),
            own_only=True,
        ),
        Role(
            "overseer",
            _("overseer"),
            frozenset(
                LOOK | PROTECTION | INCIDENTS | FLASHPOINTS
                | {"audit.view_entry", "accounts.view_person", "accounts.view_agency", "alarms.view_alarm"}
            ),
        ),
    )
}  # fmt: skip

ROLE_CHOICES = [(role.key, role.name) for role in ROLES.values()]
PERMISSIONS: frozenset[str] = frozenset().union(*(role.permissions for role in ROLES.values()))
