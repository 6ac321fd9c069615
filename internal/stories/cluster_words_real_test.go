//go:build real

package stories_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"

	"github.com/goingdark-social/bot/internal/kubetest"
)

type object = map[string]any

func (h *home) resource(group, plural string) dynamic.ResourceInterface {
	version := "v1"
	if group == "argoproj.io" {
		version = "v1alpha1"
	}

	return h.Dynamic(kubetest.Admin()).Resource(schema.GroupVersionResource{Group: group, Version: version, Resource: plural}).Namespace(h.namespace)
}

// status writes an object's status, as its controller would.
func (h *home) status(ts *testscript.TestScript, group, plural, name string, status object) {
	data, err := json.Marshal(object{"status": status})
	check(ts, err)

	_, err = h.resource(group, plural).Patch(context.Background(), name, types.MergePatchType, data, metav1.PatchOptions{}, "status")
	check(ts, err)
}

// pod makes one of a Deployment, with a container of its own.
func (h *home) pod(ts *testscript.TestScript, deployment, tag string, status object) {
	h.pods++
	image := "ghcr.io/glitch-soc/mastodon:" + tag

	if strings.HasSuffix(deployment, "streaming") {
		image = "ghcr.io/glitch-soc/mastodon-streaming:" + tag
	}

	name := fmt.Sprintf("%s-%d", deployment, h.pods)
	check(ts, h.Apply(context.Background(), kubetest.Admin(), object{
		"apiVersion": "v1", "kind": "Pod",
		"metadata": object{"name": name, "namespace": h.namespace, "labels": object{"app": deployment}},
		"spec":     object{"containers": []any{object{"name": strings.TrimPrefix(deployment, "mastodon-"), "image": image}}},
	}))
	h.status(ts, "", "pods", name, status)
}

// ready is a pod's status since a moment of the story.
func ready(at time.Time) object {
	return object{"phase": "Running", "conditions": []any{
		object{"type": "Ready", "status": "True", "lastTransitionTime": at.UTC().Format(time.RFC3339)},
	}}
}

func (h *home) clear(ts *testscript.TestScript, deployment string) {
	zero := int64(0)
	check(ts, h.resource("", "pods").DeleteCollection(context.Background(),
		metav1.DeleteOptions{GracePeriodSeconds: &zero}, metav1.ListOptions{LabelSelector: "app=" + deployment}))
}

func (h *home) rolled(ts *testscript.TestScript, deployment string, updated int) {
	found, err := h.resource("apps", "deployments").Get(context.Background(), deployment, metav1.GetOptions{})
	check(ts, err)
	h.status(ts, "apps", "deployments", deployment, object{
		"observedGeneration": found.GetGeneration(), "replicas": 1, "updatedReplicas": updated, "readyReplicas": 1, "availableReplicas": 1,
	})
}

func runs(ts *testscript.TestScript, _ bool, args []string) {
	h, name := homeOf(ts), arg(ts, args, 0, "")
	h.clear(ts, name)
	h.pod(ts, name, arg(ts, args, 1, ""), ready(of(ts).now))
	h.rolled(ts, name, 1)
}

func two(ts *testscript.TestScript, _ bool, args []string) {
	h, name := homeOf(ts), arg(ts, args, 0, "")
	h.clear(ts, name)
	h.pod(ts, name, arg(ts, args, 1, ""), ready(of(ts).now))
	h.pod(ts, name, arg(ts, args, 2, ""), ready(of(ts).now))
	h.rolled(ts, name, 0)
}

func crashes(ts *testscript.TestScript, _ bool, args []string) {
	h, name := homeOf(ts), arg(ts, args, 0, "")
	h.clear(ts, name)
	h.pod(ts, name, arg(ts, args, 1, ""), object{"phase": "Running", "containerStatuses": []any{object{
		"name": strings.TrimPrefix(name, "mastodon-"), "image": "x", "imageID": "x", "ready": false, "restartCount": 9,
		"state": object{"waiting": object{"reason": "CrashLoopBackOff"}},
	}}})
	h.rolled(ts, name, 0)
}

// job ends one, as its controller would.
func job(ts *testscript.TestScript, _ bool, args []string) {
	h, now := homeOf(ts), of(ts).now.UTC().Format(time.RFC3339)
	name := h.jobNamed(arg(ts, args, 0, ""))
	condition := func(kind, reason, message string) object {
		return object{"type": kind, "status": "True", "reason": reason, "message": message, "lastTransitionTime": now}
	}

	if arg(ts, args, 1, "") == "failed" {
		const why = "Job has reached the specified backoff limit"

		h.status(ts, "batch", "jobs", name, object{"failed": 7, "startTime": now, "conditions": []any{
			condition("FailureTarget", "BackoffLimitExceeded", why), condition("Failed", "BackoffLimitExceeded", why),
		}})

		return
	}

	h.status(ts, "batch", "jobs", name, object{"succeeded": 1, "startTime": now, "completionTime": now, "conditions": []any{
		condition("SuccessCriteriaMet", "CompletionsReached", ""), condition("Complete", "CompletionsReached", ""),
	}})
}

// argo is what Argo CD says; its kind is defined when it is first asked for.
func argo(ts *testscript.TestScript, _ bool, args []string) {
	h, admin := homeOf(ts), kubetest.Admin()
	application := object{
		"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": object{"name": "social", "namespace": "argocd"},
		"status": object{"sync": object{"status": arg(ts, args, 0, "")}, "health": object{"status": arg(ts, args, 1, "")}},
	}
	definition := object{
		"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": object{"name": "applications.argoproj.io"},
		"spec": object{
			"group": "argoproj.io", "scope": "Namespaced",
			"names": object{"kind": "Application", "plural": "applications", "singular": "application", "listKind": "ApplicationList"},
			"versions": []any{object{
				"name": "v1alpha1", "served": true, "storage": true,
				"schema": object{"openAPIV3Schema": object{"type": "object", "x-kubernetes-preserve-unknown-fields": true}},
			}},
		},
	}

	check(ts, h.Apply(context.Background(), admin, object{"apiVersion": "v1", "kind": "Namespace", "metadata": object{"name": "argocd"}}, definition))

	err := h.Apply(context.Background(), admin, application)
	for end := time.Now().Add(time.Minute); err != nil && time.Now().Before(end); err = h.Apply(context.Background(), admin, application) {
		time.Sleep(200 * time.Millisecond) // a new kind takes a moment to be served
	}

	check(ts, err)
}

// unwatched takes the way to the cluster away.
func unwatched(ts *testscript.TestScript, _ bool, _ []string) {
	name := ts.MkAbs("kubeconfig")
	data := strings.ReplaceAll(ts.ReadFile(name), "https://127.0.0.1:", "https://127.0.0.1:1")
	check(ts, os.WriteFile(name, []byte(data), 0o600))
}

// dies makes a pass whose process ends at one of its changes.
func dies(ts *testscript.TestScript, _ bool, args []string) {
	stopAt(ts, false, args)

	s := of(ts)
	s.seam = s.stopper

	attempt(ts, []string{"run"}, ts.Stdout(), ts.Stderr())

	s.seam, s.stopper = nil, nil
}
