"""Filters that say what goes to other systems, and what comes from there."""

from django import template

from teleward.records.connections.words import section_name, type_name

register = template.Library()
register.filter("resource_name", type_name)
register.filter("elsewhere_name", section_name)
