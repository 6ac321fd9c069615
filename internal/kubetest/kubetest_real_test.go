//go:build real

package kubetest_test

import (
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/goingdark-social/bot/internal/kubetest"
)

// TestRightsAreThoseThatRBACGives: what a test proves of a user with few rights
// rests on it.
func TestRightsAreThoseThatRBACGives(t *testing.T) {
	reader := kubetest.User{Name: "reader"}
	cluster := kubetest.Start(t, reader)
	namespaces := schema.GroupVersionResource{Version: "v1", Resource: "namespaces"}

	if _, err := cluster.Dynamic(reader).Resource(namespaces).List(t.Context(), metav1.ListOptions{}); !apierrors.IsForbidden(err) {
		t.Errorf("a user without a role: err = %v", err)
	}

	role := map[string]any{
		"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": map[string]any{"name": "read"},
		"rules": []any{map[string]any{"apiGroups": []any{""}, "resources": []any{"namespaces"}, "verbs": []any{"list"}}},
	}
	binding := map[string]any{
		"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": map[string]any{"name": "read"},
		"roleRef":  map[string]any{"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "read"},
		"subjects": []any{map[string]any{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "reader"}},
	}

	if err := cluster.Apply(t.Context(), reader, role); !apierrors.IsForbidden(err) {
		t.Errorf("a user without a role writes: err = %v", err)
	}

	if err := cluster.Apply(t.Context(), kubetest.Admin(), role, binding); err != nil {
		t.Fatal(err)
	}

	// The API server sees a new role by a watch, so it takes a moment.
	list := func() error {
		_, err := cluster.Dynamic(reader).Resource(namespaces).List(t.Context(), metav1.ListOptions{})

		return err
	}

	err := list()
	for end := time.Now().Add(10 * time.Second); apierrors.IsForbidden(err) && time.Now().Before(end); err = list() {
		time.Sleep(50 * time.Millisecond)
	}

	if err != nil {
		t.Errorf("a user with the role: %v", err)
	}
}
