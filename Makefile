# The project's commands. Each first makes what it needs: an environment in .venv, the templates in cdk.out.
# Every such thing leaves a stamp that is named after the content it was made from, so that nothing is made
# twice, and nothing that is out of date is used, whatever the clocks and branches say.

.DEFAULT_GOAL := help
.PHONY: help run test check synth prove e2e bench deploy cdk lock clean
.DELETE_ON_ERROR:
SHELL := /bin/bash

# Choose an interpreter with `make PYTHON=python3.13 …`; it makes .venv once and is not asked again.
PYTHON = $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && exit; done; echo python3)

# Another environment's settings are not ours; and without byte code every start takes thrice as long.
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV PYTHONDONTWRITEBYTECODE
export PATH := $(CURDIR)/.venv/bin:$(PATH)

VENV := .venv/bin
of = $(firstword $(shell cat $(1) | cksum))
RUN := .venv/.run-$(call of,requirements/run.txt requirements/install.py)
DEV := .venv/.dev-$(call of,requirements/dev.txt requirements/install.py)
NODE := $(if $(wildcard package-lock.json),node_modules/.npm-$(call of,package-lock.json))
SOURCES := $(shell find app.py cdk.json requirements/layer.txt requirements/capture.txt compiler deployment dialogue environments lambdas stacks telephony -type f \
	! -path '*/__pycache__/*' ! -path lambdas/model.json | LC_ALL=C sort)
ENVIRONMENT ?= dev
# What is keyed in is rehearsed, too. Nobody has this certificate's private key: a deployment names its own.
REHEARSED := tests/synth/capture.pem
SYNTH := cdk.out/.$(ENVIRONMENT)-from-$(firstword $(shell cksum $(SOURCES) | cksum))
TYPED := app.py $(wildcard bench commands) compiler deployment lambdas rehearsal requirements stacks telephony tests

help:
	@echo 'make run     the rehearsal: http://127.0.0.1:8700'
	@echo 'make test    every test but the long proofs'
	@echo 'make check   format, lint, types, import contracts, the dialogue, the templates'
	@echo 'make synth   the CloudFormation templates and the skill package, in cdk.out'
	@echo 'make deploy  all stacks to your AWS account: see "How to deploy" in README.md'
	@echo 'make prove   the long proofs'
	@echo 'make e2e     the page in a real browser'
	@echo 'make bench   what a turn costs, and what the rehearsal understands'
	@echo 'make lock    the locks anew from requirements/*.in'
	@echo 'make clean   remove all that the others made'

run: $(RUN) $(SYNTH)
	@exec $(VENV)/python -m rehearsal

test: $(DEV) $(NODE) $(SYNTH)
	@$(VENV)/python -m pytest -n 2 --dist loadgroup

prove: $(DEV) $(NODE) $(SYNTH)
	@$(VENV)/python -m pytest -n 2 --dist loadgroup -rP --timeout 1800 tests/prove

# The page in a real browser: Debian's Chromium, which no other target needs.
e2e: $(DEV) $(SYNTH)
	@command -v chromium >/dev/null || { echo 'make e2e needs Chromium on the PATH: apt-get install chromium'; exit 1; }
	@$(VENV)/python -m pytest tests/e2e

bench: $(DEV) $(NODE) $(SYNTH)
	@$(VENV)/python -m bench

synth: $(SYNTH)

# The project's own Node and the pinned CDK: `make deploy ENVIRONMENT=prod`, `make cdk DO='diff'`. What it writes has a
# place of its own, since cdk.out is what the rehearsal runs. `make deploy APPROVAL=never` asks nobody.
DO ?= synth --quiet
APPROVAL ?= any-change
CDK = $(VENV)/node node_modules/aws-cdk/bin/cdk
OF = --context environment=$(ENVIRONMENT) --output .cache/cdk-$(ENVIRONMENT)

deploy: $(NODE)
	@$(CDK) deploy --all --require-approval $(APPROVAL) $(OF)

cdk: $(NODE)
	@$(CDK) $(DO) $(OF)

# W3005: CDK writes a DependsOn beside a GetAtt to the same resource, which is twice the same thing.
# W3694: a topic calls a function's alias by its ARN as well as the function.
check: $(DEV) $(SYNTH)
	$(VENV)/ruff format --check --quiet .
	$(VENV)/ruff check --quiet .
	$(VENV)/mypy $(TYPED)
	$(VENV)/lint-imports
	$(VENV)/python -m commands check dialogue
	$(VENV)/cfn-lint --ignore-checks W3005 W3694 -- cdk.out/*.template.json

# What the Lambda runtime brings along.
RUNTIMES := boto3 botocore s3transfer jmespath python-dateutil six urllib3

lock: $(RUN)
	@for lock in uv run layer capture dev; do \
		case $$lock in \
			capture) for='--python-version 3.14 --python-platform aarch64-manylinux2014 $(RUNTIMES:%=--no-emit-package %)' ;; \
			layer) for='--python-version 3.14 --constraints requirements/run.txt' ;; \
			dev) for='--universal --python-version 3.11 --constraints requirements/run.txt' ;; \
			*) for='--universal --python-version 3.11' ;; \
		esac; \
		$(VENV)/uv pip compile --quiet --generate-hashes --no-emit-index-url $$for \
			--custom-compile-command 'make lock' requirements/$$lock.in -o requirements/$$lock.txt || exit; \
	done

clean:
	rm -rf .venv .cache cdk.out node_modules lambdas/model.json .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUN):
	@[ -e $@ ] || $(PYTHON) requirements/install.py run
	@[ -e $@ ] || { rm -f .venv/.run-* .venv/.dev-*; touch $@; }

# The lock for development holds all of the other one, so it leaves both stamps.
$(DEV):
	@$(PYTHON) requirements/install.py dev
	@rm -f .venv/.run-* .venv/.dev-* && touch $@ $(RUN)

$(SYNTH): | $(RUN)
	@echo '· compiling the dialogue and synthesising the stacks'
	@rm -rf cdk.out
	@CDK_CONTEXT_JSON='{"environment": "$(ENVIRONMENT)", "phone.capture_certificate": "$(REHEARSED)"}' $(VENV)/python app.py
	@touch $@

ifneq ($(NODE),)
$(NODE): | $(DEV)
	@echo '· installing the Node packages of package-lock.json'
	@npm ci --no-audit --no-fund --loglevel error
	@touch $@
endif
