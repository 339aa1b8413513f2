"""Tests of the scripts that build and fetch what the app needs."""
