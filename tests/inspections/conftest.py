"""Inspectors with phones."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.inspections.support import Phone, make_standard, make_visit


@pytest.fixture(autouse=True)
def _english(english):
    """Sentences are compared in English."""


@pytest.fixture
def demands(db):
    """The requirements of a small standard in force."""
    return make_standard()


@pytest.fixture
def phone_of(client_for) -> Callable[..., Phone]:
    """Factory: a phone of somebody."""
    return lambda person, **options: Phone(client_for(person), person, **options)


@pytest.fixture
def inspector(person, small_province):
    return person("inspector", small_province.districts[0], full_name="Askar Tileuov")


@pytest.fixture
def colleague(person, small_province):
    return person("inspector", small_province.districts[0], full_name="Dana Serik")


@pytest.fixture
def chief(person):
    return person("chief", full_name="Nurlan Qasymov")


@pytest.fixture
def visit(small_province, inspector, demands):
    return make_visit(small_province.facilities[0], inspector)


@pytest.fixture
def phone(phone_of, inspector) -> Phone:
    return phone_of(inspector)
