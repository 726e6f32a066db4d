"""Addresses of administration."""

from django.urls import path

from xiaoneng.web.manage import (
    announcements,
    applicants,
    calendars,
    home,
    organisation,
    people,
    preferences,
    records,
    roles,
    thresholds,
)

app_name = "manage"
urlpatterns = [
    path("", home.home, name="home"),
    path("organisation", organisation.organisation, name="organisation"),
    path("organisation/<str:kind>/new", organisation.edit, name="region_new"),
    path("organisation/<str:kind>/<int:pk>", organisation.edit, name="region"),
    path("organisation/department/<int:pk>/close", organisation.close, name="department_close"),
    path("organisation/<str:kind>/<int:pk>/remove", organisation.remove, name="region_remove"),
    path("organisation/region/<int:pk>/hours", organisation.hours, name="hours"),
    path("people", people.people, name="people"),
    path("people/new", people.new, name="person_new"),
    path("people/<int:pk>", people.person, name="person"),
    path("people/<int:pk>/password", people.password_given, name="password_given"),
    path("people/<int:pk>/grant", roles.grant, name="grant"),
    path("people/<int:pk>/<str:name>", people.act, name="person_act"),
    path("applicants", applicants.find, name="applicants"),
    path("applicants/<int:pk>", applicants.applicant, name="applicant"),
    path("applicants/<int:pk>/<str:name>", applicants.act, name="applicant_act"),
    path("roles", roles.roles, name="roles"),
    path("roles/<int:pk>", roles.holding, name="holding"),
    path("locked", roles.locked, name="locked"),
    path("calendars", calendars.calendars, name="calendars"),
    path("calendars/<int:pk>/<int:year>", calendars.year, name="year"),
    path("calendars/<int:pk>/<int:year>/edit", calendars.edit, name="year_edit"),
    path("thresholds", thresholds.thresholds, name="thresholds"),
    path("announcements", announcements.announcements, name="announcements"),
    path("announcements/<int:pk>/withdraw", announcements.withdraw_announcement, name="announcement_withdraw"),
    path("settings", preferences.settings, name="settings"),
    path("records", records.records, name="records"),
    path("records/export", records.export, name="records_export"),
]
