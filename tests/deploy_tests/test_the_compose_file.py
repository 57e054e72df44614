"""The promises of docker-compose.yml, which no tool at hand checks otherwise."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy_tests.settings_in_code import ROOT, variables_in_code

TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
# Read by images that are not ours, and by TensorFlow.
_OTHERS = {
    "POSTGRES_USER",
    "POSTGRES_DB",
    "POSTGRES_PASSWORD_FILE",
    "POSTGRES_INITDB_ARGS",
    "TF_FORCE_GPU_ALLOW_GROWTH",
}


def test_it_has_every_part_of_the_house() -> None:
    assert set(SERVICES) == {
        "proxy", "migrate", "web", "worker", "training-worker", "gpu-worker", "second-gpu-worker", "beat",
        "postgres", "redis",
    }  # fmt: skip


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"migrate"}))
def test_it_checks_the_health_of_every_container_and_brings_it_back(name: str) -> None:
    service = SERVICES[name]
    assert service["healthcheck"]["test"][0] == "CMD"
    assert service["restart"] == "unless-stopped"


def test_it_migrates_once_before_anything_of_ours_starts() -> None:
    assert SERVICES["migrate"]["restart"] == "no"
    for name, service in OURS.items():
        if name != "migrate":
            assert service["depends_on"]["migrate"]["condition"] == "service_completed_successfully", name


def test_it_publishes_only_the_proxys_ports() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert not any("network_mode" in service for service in SERVICES.values())


def test_it_keeps_database_redis_and_workers_on_a_network_that_leads_nowhere() -> None:
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    for name in set(SERVICES) - {"proxy", "web"}:
        assert SERVICES[name]["networks"] == ["inside"], name


def test_it_holds_no_secret_but_names_their_files() -> None:
    for name, secret in COMPOSE["secrets"].items():
        assert set(secret) == {"file"}, name
        assert secret["file"].startswith("./deploy/secrets/"), name
    for service in SERVICES.values():
        for variable, value in service.get("environment", {}).items():
            if re.search("PASSWORD|SECRET|KEY(?!_?RAS)|TOKEN", variable) and variable != "KERAS_HOME":
                assert variable.endswith("_FILE"), variable
                assert value.startswith("/run/secrets/") or value == "${LUCENCY_MAIL_PASSWORD_FILE:-}", variable
    assert "@" not in re.sub(r"://lucency@postgres|@%h|@localhost", "", TEXT)


def test_it_names_only_variables_that_the_code_reads() -> None:
    known = variables_in_code() | _OTHERS
    for name, service in SERVICES.items():
        assert set(service.get("environment", {})) <= known, name


def test_it_keeps_all_data_in_named_volumes() -> None:
    assert set(COMPOSE["volumes"]) == {"database", "queue", "data"}
    # PostgreSQL 18's image keeps its data below this folder; mounting the older ".../data" would lose it.
    assert SERVICES["postgres"]["volumes"] == ["database:/var/lib/postgresql"]
    assert SERVICES["redis"]["volumes"] == ["queue:/data"]
    assert SERVICES["redis"]["command"][SERVICES["redis"]["command"].index("--appendonly") + 1] == "yes"
    for name, service in OURS.items():
        assert service["volumes"] == ["data:/data"], name
        assert service["environment"]["LUCENCY_STORAGE"].startswith("/data/"), name


def test_it_serves_every_queue_and_gives_each_gpu_one_process() -> None:
    queues = [
        argument.removeprefix("--queues=").split(",")
        for service in OURS.values()
        for argument in service["command"]
        if argument.startswith("--queues=")
    ]
    assert {queue for served in queues for queue in served} == {"default", "scoring", "training"}
    for name in ("gpu-worker", "second-gpu-worker"):
        service = SERVICES[name]
        (device,) = service["deploy"]["resources"]["reservations"]["devices"]
        assert (device["driver"], device["capabilities"], len(device["device_ids"])) == ("nvidia", ["gpu"], 1)
        assert "--concurrency=1" in service["command"]
        assert service["profiles"]


def test_it_gives_every_container_a_memory_limit() -> None:
    for name, service in SERVICES.items():
        assert service["deploy"]["resources"]["limits"]["memory"], name


def test_it_mounts_and_builds_only_what_is_in_the_repository() -> None:
    for name, service in OURS.items():
        assert (ROOT / service["build"]["dockerfile"]).exists(), name
        stages = re.findall(r"^FROM \S+ AS (\S+)$", (ROOT / service["build"]["dockerfile"]).read_text(), re.MULTILINE)
        assert service["build"]["target"] in stages, name
    for mount in SERVICES["proxy"]["volumes"]:
        assert (ROOT / mount.split(":")[0]).is_file(), mount


def test_it_copies_into_the_images_only_what_is_there_and_not_ignored() -> None:
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    dockerfile = (ROOT / "deploy" / "Dockerfile").read_text()
    for line in re.findall(r"^COPY (?!--from)(.+) \S+$", dockerfile, re.MULTILINE):
        for source in line.split():
            assert (ROOT / source).exists(), source
            assert any(Path(source).is_relative_to(place) for place in allowed), source


def test_it_writes_the_variables_of_the_env_file_into_it() -> None:
    example = (ROOT / "deploy" / "example.env").read_text()
    for variable in re.findall(r"^(?:# )?([A-Z_]+)=", example, re.MULTILINE):
        assert f"${{{variable}" in TEXT or variable == "COMPOSE_PROFILES", variable


def test_it_speaks_of_the_platforms_own_folder_as_a_source_root() -> None:
    assert "PYTHONPATH=/app/platform:/app" in (ROOT / "deploy" / "Dockerfile").read_text()


def test_it_leaves_security_headers_to_the_platform() -> None:
    proxy = (ROOT / "deploy" / "proxy" / "nginx.conf").read_text()
    assert "add_header" not in proxy
    for header in ("X-Forwarded-Proto $scheme", "X-Forwarded-For $remote_addr"):
        assert f"proxy_set_header {header};" in proxy
