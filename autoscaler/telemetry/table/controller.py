"""What the controller serves."""

from __future__ import annotations

from autoscaler.telemetry.table.row import Kind, Row

QUEUE_MESSAGES = Row(
    "autoscaler_queue_messages",
    Kind.GAUGE,
    ("queue", "state"),
    "messages",
    "Messages in a queue: visible, in_flight or delayed.",
    "visible grows while tasks stand at their target: the policies want too little, or max_tasks "
    "is too low. No series: the queue could not be read; the log says why.",
)
QUEUE_AGE = Row(
    "autoscaler_queue_oldest_message_age_seconds",
    Kind.GAUGE,
    ("queue",),
    "seconds",
    "Age of the oldest message at the end of the newest minute CloudWatch shows.",
    "Above what you promise: see `autoscaler explain` for what held launches back. No series: "
    "the queue is quiet, and CloudWatch tells no age.",
)
QUEUE_DEAD_LETTERS = Row(
    "autoscaler_queue_dead_letters",
    Kind.GAUGE,
    ("queue",),
    "messages",
    "Messages in a queue's dead-letter queue.",
    "Above 0: look at them with `autoscaler dlq show`, put the cause right, then "
    "`autoscaler dlq redrive`. No series: there is no dead-letter queue.",
)
TASKS = Row(
    "autoscaler_tasks",
    Kind.GAUGE,
    ("fleet", "provider", "state"),
    "tasks",
    "Live tasks: starting, running, or unseen since a launch whose answer was lost.",
    "starting stays up: images are slow to pull, or tasks never come up; look at the events of "
    "the tasks in ECS. unseen stays up: ECS does not list what was launched.",
)
TASKS_TARGET = Row(
    "autoscaler_tasks_target",
    Kind.GAUGE,
    ("fleet",),
    "tasks",
    "Tasks the last decision wanted.",
    "Above the live tasks for several ticks: launches fail or are held back; see "
    "autoscaler_launch_failures_total and autoscaler_restrained.",
)
POLICY_TASKS_WANTED = Row(
    "autoscaler_policy_tasks_wanted",
    Kind.GAUGE,
    ("queue", "policy"),
    "tasks",
    "Tasks a policy wanted in the last decision.",
    "Shows which policy drives the fleet. No series: it wants nothing of its own, or something "
    "it needs is unknown.",
)
RESTRAINED = Row(
    "autoscaler_restrained",
    Kind.GAUGE,
    ("fleet", "reason"),
    "1",
    "1 while new launches are held back: by the breaker, a pause, or an unconfirmed message.",
    "breaker: tasks die without progress; read the log of the last one. paused: somebody ran "
    "`autoscaler pause`. unconfirmed is over at the next tick or two.",
)
TASKS_LAUNCHED = Row(
    "autoscaler_tasks_launched_total",
    Kind.COUNTER,
    ("fleet", "provider"),
    "tasks",
    "Tasks AWS accepted.",
    "Many more than the work needs: tasks leave at once, or die; compare with "
    "autoscaler_worker_done_total.",
)
LAUNCH_FAILURES = Row(
    "autoscaler_launch_failures_total",
    Kind.COUNTER,
    ("fleet", "provider"),
    "answers",
    "Answers of AWS that refused tasks, or that were lost.",
    "FARGATE_SPOT now and then: Spot is short, and tasks fall back. FARGATE, or all the time: the "
    "log has AWS's words: a quota, a permission, a subnet without addresses.",
)
SERVICE_DESIRED = Row(
    "autoscaler_service_desired_tasks",
    Kind.GAUGE,
    ("fleet",),
    "tasks",
    "Tasks that a fleet's service is told to keep.",
    "Stays above autoscaler_tasks_target: scale-in waits, or somebody else has the service in "
    "hand; autoscaler_decision_reasons_total says which. Stays below it: settings fail. No "
    "series: the fleet is no service, or its service could not be seen.",
)
SETTING_FAILURES = Row(
    "autoscaler_setting_failures_total",
    Kind.COUNTER,
    ("fleet",),
    "answers",
    "Answers of AWS that refused a desired count, or that were lost.",
    "Rises: the log has AWS's words: a permission, a service that is gone. The next tick sets it "
    "again.",
)
INSTANCES = Row(
    "autoscaler_instances",
    Kind.GAUGE,
    ("fleet", "state"),
    "instances",
    "EC2 instances of a fleet's group: ready, draining, or unready.",
    "unready stays up: instances do not join the cluster, or an agent does not answer. draining "
    "stays up: tasks on it do not end. No series: the fleet has no group, its capacity provider "
    "scales it, or it could not be seen.",
)
INSTANCES_NEEDED = Row(
    "autoscaler_instances_needed",
    Kind.GAUGE,
    ("fleet",),
    "instances",
    "EC2 instances that the tasks of a fleet need.",
    "Stays above the ready autoscaler_instances: EC2 has none to give, or they do not join; see "
    "the group's activity. Stays below: instances that are not needed still have tasks, or have "
    "not been idle for long enough. No series: unknown, or not for us to say.",
)
SPENT = Row(
    "autoscaler_spent_dollars_total",
    Kind.COUNTER,
    ("fleet",),
    "US dollars",
    "What the tasks have cost since the fleet's first tick, estimated from the table of prices.",
    "Rises faster than the work: see how long tasks stay. An estimate and no bill. No series: no "
    "policy needs prices.",
)
TICKS = Row(
    "autoscaler_ticks_total",
    Kind.COUNTER,
    ("fleet", "outcome"),
    "ticks",
    "Ticks by how they ended.",
    "held: something needed was unknown, nothing is launched; failed: an error; the log says "
    "which. done_before and stale are usual where several replicas run.",
)
TICK_DURATION = Row(
    "autoscaler_tick_duration_seconds",
    Kind.HISTOGRAM,
    (),
    "seconds",
    "From the first look to the last save.",
    "Near the period: AWS answers slowly or throttles, or one installation has too many queues.",
)
TICKS_MISSED = Row(
    "autoscaler_ticks_missed_total",
    Kind.COUNTER,
    (),
    "ticks",
    "Ticks dropped because they were late or another was still running.",
    "Keeps rising: ticks take longer than the period, or the container has too little CPU.",
)
TICK_PERIOD = Row(
    "autoscaler_tick_period_seconds",
    Kind.GAUGE,
    (),
    "seconds",
    "Seconds from one regular tick to the next, as configured.",
    "Changes with the configuration only; alerts measure silence by it.",
)
LAST_DECISION = Row(
    "autoscaler_last_decision_timestamp_seconds",
    Kind.GAUGE,
    ("fleet",),
    "seconds since 1970",
    "When a fleet was last decided on; alert when it stands still.",
    "Stands still: nothing new is launched. Look at /healthz, at the log, and whether ticks are "
    "held.",
)
DECISION_REASONS = Row(
    "autoscaler_decision_reasons_total",
    Kind.COUNTER,
    ("fleet", "reason"),
    "steps",
    "Steps of decisions, by why they were taken.",
    "max_tasks all the time: the limit cuts what policies want. queue_unknown: a queue cannot be "
    "read. waits: messages wait on purpose; the log says until when.",
)
POLICY_FAILURES = Row(
    "autoscaler_policy_failures_total",
    Kind.COUNTER,
    ("queue", "policy"),
    "answers",
    "Policies that raised or answered nonsense.",
    "Rises: the policy is left out of decisions; its error is in the record. Others go on.",
)
CONFIG_RELOADS = Row(
    "autoscaler_config_reloads_total",
    Kind.COUNTER,
    ("outcome",),
    "reloads",
    "Reloads of the configuration; a refused one keeps the configuration in force.",
    "refused rises: the log names file, line and key; try `autoscaler config check`.",
)
CONFIG_IN_FORCE = Row(
    "autoscaler_config_last_reload_successful",
    Kind.GAUGE,
    (),
    "1",
    "1 while the newest configuration is in force, 0 once it was refused.",
    "0: the controller runs on an older configuration than its file shows; put the file right.",
)
NOTIFICATIONS = Row(
    "autoscaler_notifications_total",
    Kind.COUNTER,
    ("place", "outcome"),
    "notices",
    "Notices of what goes wrong, sent or failed, by the place that is told.",
    "failed rises: the log has the reason; each tick tries again. A place is one of notify.to; "
    "store means that who was told could not be saved.",
)
BUILD = Row(
    "autoscaler_build_info",
    Kind.INFO,
    ("version",),
    "1",
    "The running version.",
    "Changes with a deployment. No series at all: the controller is not there, or not scraped.",
)

ROWS = (
    QUEUE_MESSAGES, QUEUE_AGE, QUEUE_DEAD_LETTERS,
    TASKS, TASKS_TARGET, POLICY_TASKS_WANTED, RESTRAINED,
    TASKS_LAUNCHED, LAUNCH_FAILURES, SERVICE_DESIRED, SETTING_FAILURES,
    INSTANCES, INSTANCES_NEEDED, SPENT,
    TICKS, TICK_DURATION, TICKS_MISSED, TICK_PERIOD, LAST_DECISION,
    DECISION_REASONS, POLICY_FAILURES,
    CONFIG_RELOADS, CONFIG_IN_FORCE, NOTIFICATIONS, BUILD,
)  # fmt: skip
