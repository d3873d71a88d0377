-- Conversations of vendors and sellers, which are rooms too.

CREATE TABLE conversations (
    id uuid PRIMARY KEY,
    kind text NOT NULL DEFAULT 'CONVERSATION' CHECK (kind = 'CONVERSATION'),
    uuid uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    owner_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    status text NOT NULL DEFAULT 'OPEN' CHECK (status IN ('OPEN','CLOSED','ARCHIVED')),
    closed_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version int NOT NULL DEFAULT 1,
    FOREIGN KEY (id, kind) REFERENCES rooms (id, kind) ON DELETE CASCADE
);
CREATE INDEX ON conversations (owner_id, updated_at DESC);
CREATE TRIGGER g BEFORE UPDATE ON conversations FOR EACH ROW EXECUTE FUNCTION guard_status('conversation');
CREATE TRIGGER t BEFORE UPDATE ON conversations FOR EACH ROW EXECUTE FUNCTION bump_version();
INSERT INTO state_transitions VALUES ('conversation','OPEN','CLOSED'),('conversation','CLOSED','OPEN'),('conversation','OPEN','ARCHIVED'),('conversation','CLOSED','ARCHIVED'),('conversation','ARCHIVED','OPEN');

CREATE TABLE vendors (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    conversation_id uuid NOT NULL UNIQUE REFERENCES conversations ON DELETE CASCADE,
    name text NOT NULL,
    company_name text,
    email citext,
    phone text,
    website text,
    tax_id text,
    address jsonb,
    user_id uuid REFERENCES users ON DELETE SET NULL,
    guest_id uuid REFERENCES guests,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE sellers (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    conversation_id uuid NOT NULL REFERENCES conversations ON DELETE CASCADE,
    name citext NOT NULL,
    email citext,
    phone text,
    rating numeric(3,2) CHECK (rating BETWEEN 0 AND 5),
    user_id uuid REFERENCES users ON DELETE SET NULL,
    guest_id uuid REFERENCES guests,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (conversation_id, name),
    UNIQUE (conversation_id, email),
    UNIQUE (conversation_id, user_id),
    UNIQUE (id, conversation_id)
);

CREATE TABLE seller_products (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    seller_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    sku citext NOT NULL,
    name text NOT NULL,
    description text NOT NULL DEFAULT '',
    price_minor bigint NOT NULL CHECK (price_minor >= 0),
    currency char(3) NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    min_order_quantity int NOT NULL DEFAULT 1 CHECK (min_order_quantity >= 1),
    available_quantity int CHECK (available_quantity >= 0),
    lead_time_days int CHECK (lead_time_days BETWEEN 0 AND 365),
    status text NOT NULL DEFAULT 'ACTIVE' CHECK (status IN ('DRAFT','ACTIVE','DISCONTINUED')),
    attributes jsonb NOT NULL DEFAULT '[]',
    image_file_ids uuid[] NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version int NOT NULL DEFAULT 1,
    UNIQUE (seller_id, sku),
    FOREIGN KEY (seller_id, conversation_id) REFERENCES sellers (id, conversation_id) ON DELETE CASCADE
);
CREATE INDEX ON seller_products (conversation_id, currency, price_minor) WHERE status = 'ACTIVE';
CREATE TRIGGER t BEFORE UPDATE ON seller_products FOR EACH ROW EXECUTE FUNCTION bump_version();
