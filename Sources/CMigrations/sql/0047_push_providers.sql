-- Apps get messages by Firebase, as browsers get them from their makers.

ALTER TABLE push_subscriptions ADD CHECK (provider IN ('WEB_PUSH', 'FCM'));
