#!/usr/bin/env python3
"""sarif.py FILE...: SARIF 2.1.0 as far as fusho writes it, keys, types and what must agree.

Exit 0, or 1 with a line for each fault.
"""
import json
import re
import sys

LEVELS = ("note", "warning", "error")
CODE = re.compile(r"[A-Z][0-9]{3}\Z")
URI = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-F]{2})+\Z")


class Fault(Exception):
    pass


def need(good, where, what):
    if not good:
        raise Fault(f"{where}: {what}")


def keys(value, where, required, optional=()):
    need(isinstance(value, dict), where, "no object")
    for key in required:
        need(key in value, where, f"no {key}")
    for key in value:
        need(key in required or key in optional, where, f"unknown key {key}")


def text(value, where):
    need(isinstance(value, str) and value, where, "no text")


def message(value, where):
    keys(value, where, ("text",))
    text(value["text"], where + ".text")


def number(value, where):
    need(isinstance(value, int) and not isinstance(value, bool) and value >= 1, where, "no number")


def location(value, where):
    keys(value, where, ("physicalLocation",))
    physical = value["physicalLocation"]
    keys(physical, where, ("artifactLocation",), ("region",))
    keys(physical["artifactLocation"], where, ("uri",))
    need(URI.match(physical["artifactLocation"]["uri"]), where, "no URI reference")
    if "region" in physical:
        keys(physical["region"], where, ("startLine",))
        number(physical["region"]["startLine"], where + ".startLine")


def result(value, where):
    keys(value, where, ("ruleId", "level", "message", "locations"), ("properties",))
    need(CODE.match(value["ruleId"]), where, "ruleId")
    need(value["level"] in LEVELS, where, "level")
    message(value["message"], where + ".message")
    need(len(value["locations"]) == 1, where, "one location")
    location(value["locations"][0], where + ".locations[0]")
    if "properties" in value:
        keys(value["properties"], where, ("claim",), ("receipt_no", "karte"))
        number(value["properties"]["claim"], where + ".claim")


def rule(value, where):
    keys(value, where, ("id", "shortDescription", "fullDescription", "defaultConfiguration",
                        "properties"))
    need(CODE.match(value["id"]), where, "id")
    message(value["shortDescription"], where + ".shortDescription")
    message(value["fullDescription"], where + ".fullDescription")
    keys(value["defaultConfiguration"], where, ("level",))
    need(value["defaultConfiguration"]["level"] in LEVELS, where, "level")
    keys(value["properties"], where, ("source",))
    text(value["properties"]["source"], where + ".source")


def log(value):
    keys(value, "log", ("$schema", "version", "runs"))
    need(value["$schema"].endswith("sarif-2.1.0.json"), "log", "$schema")
    need(value["version"] == "2.1.0", "log", "version")
    need(len(value["runs"]) == 1, "log", "one run")
    run = value["runs"][0]
    keys(run, "run", ("tool", "results"))
    keys(run["tool"], "tool", ("driver",))
    driver = run["tool"]["driver"]
    keys(driver, "driver", ("name", "version", "rules"))
    need(driver["name"] == "fusho", "driver", "name")
    need(re.match(r"[0-9]+\.[0-9]+\.[0-9]+", driver["version"]), "driver", "version")
    for i, each in enumerate(run["results"]):
        result(each, f"results[{i}]")
    for i, each in enumerate(driver["rules"]):
        rule(each, f"rules[{i}]")
    ids = [each["id"] for each in driver["rules"]]
    need(len(ids) == len(set(ids)), "rules", "one id twice")
    need(set(ids) == {each["ruleId"] for each in run["results"]}, "rules", "not those of the results")


def main():
    faults = 0
    for name in sys.argv[1:]:
        try:
            with open(name, encoding="utf-8") as f:
                log(json.load(f))
        except (Fault, ValueError, TypeError, KeyError) as e:
            print(f"{name}: {e}")
            faults = 1
    return faults


if __name__ == "__main__":
    sys.exit(main())
